import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { ImageConfig } from '../../src/core/image/ImageConfig'
import { imageName } from '../../src/core/resolve/questionsOf'
import { translate } from '../../src/core/translate'
import { Case, cases, requestOf } from '../../src/testing/facts'
import { GROUP, PASSWD } from '../../src/testing/imageConfig'
import { Document } from '../../src/testing/ofFields'
import { MACHINE } from './smallest'

interface Extra {
  readonly passwd: string
  readonly group: string
  readonly config: Partial<ImageConfig>
  readonly env: ReadonlyArray<string>
  readonly shm: string | null
  readonly bare: boolean
  readonly maximumMb: number | null
  readonly cdi: unknown
}

/** Account files as images have them: the usual ones, none, and some that people wrote by hand. containerd reads a comment in passwd as root's account. */
const passwd = fc.constantFrom(PASSWD, PASSWD, '', `\n\n  ${PASSWD}`, 'toor:x:0:5::/:/bin/sh\napp:x:1000:50::/:\napp2:x:1000:51::/:\n')
const group = fc.constantFrom(GROUP, GROUP, '', `# groups\n${GROUP}\n  video:x:44:app,nobody,root,toor\n`, 'app:x:1001:app\nstaff:x:50:\nwheel:x:0:toor,app\nusers:x:1001:app,nobody\n')

const env = fc.subarray(['TERM=vt100', 'PATH=/bin', 'A=first', 'A=second', 'EMPTY='])

const user = fc.constantFrom('0:0', 'root:root', 'app:app', '1000:staff', '1234', '1234:wheel', 'toor')

const node = { path: '/dev/net0', type: 'c', major: 10, minor: 200 }
const cdi = fc.record({
  deviceNodes: fc.constantFrom([], [{ ...node, fileMode: 0o666, uid: 0, gid: 0 }], [{ ...node, hostPath: '/dev/net0', permissions: 'rw', fileMode: 0o600, uid: 7, gid: 8 }]),
  env: fc.constantFrom([], ['VENDOR_A=a'])
}).map((edits) => ({
  cdiVersion: '0.7.0', kind: 'vendor.com/net', containerEdits: { env: ['VENDOR=1'] },
  devices: [
    { name: 'a', containerEdits: { ...edits, additionalGids: [4400] } },
    { name: 'b', containerEdits: {
      mounts: [{ hostPath: '/opt/cdi', containerPath: '/cdi', options: ['ro', 'rbind'] }],
      hooks: [{ hookName: 'createContainer', path: '/bin/true' }, { hookName: 'prestart', path: '/bin/a', args: ['a', 'b'], env: ['X=1'], timeout: 3 }]
    } }
  ]
}))

const extras: fc.Arbitrary<Extra> = fc.record({
  passwd, group, env, cdi,
  config: fc.record({ user }, { requiredKeys: [] }),
  // WithDevShmSize counts in KiB.
  shm: fc.constantFrom(null, '1k', '64m', '1.5 GiB', '2048'),
  // Without words of the task the image decides what runs.
  bare: fc.boolean(),
  // A maximum below what is reserved.
  maximumMb: fc.constantFrom(null, null, 1)
})

const NOTHING: Extra = { passwd: PASSWD, group: GROUP, config: {}, env: [], shm: null, bare: false, maximumMb: null, cdi: undefined }

/** Tasks that both can be asked about: compiled for this machine, with what containerd's options can say. */
export const sharedCases: fc.Arbitrary<Case> = fc.tuple(cases, extras).map(([given, extra]) => {
  // Not every user is in every file, and not every image has something to run.
  const tries = [extra, { ...extra, bare: false }].map((some) => shared(given, some))
  return tries.find(({ request, facts }) => E.isRight(translate(request, facts))) ?? shared(given, { ...NOTHING, cdi: extra.cdi })
})

/** Options that contradict some of what Nomad may allocate. */
const MEMORY = ['memory_hard_limit', 'memory_reservation', 'memory_swap']

const shared = (given: Case, extra: Extra): Case => {
  const task = given.documents.task as Document
  const allocation = given.documents.allocation as Document
  const documents = {
    ...given.documents,
    // containerd takes few names for a namespace, and no part of a spec depends on it.
    plugin: { ...given.documents.plugin as Document, namespace: null },
    allocation: extra.maximumMb === null || MEMORY.some((name) => (task[name] ?? null) !== null) ? allocation : { ...allocation, resources: { ...allocation['resources'] as Document, allocatedResources: { memory: { memoryMb: 64, memoryMaxMb: extra.maximumMb } } } },
    task: { ...task, ...(typeof task['shm_size'] === 'string' ? { shm_size: extra.shm } : {}), ...(extra.bare ? { command: null, args: null } : {}) }
  }
  const request = requestOf(documents)
  const name = imageName(request)
  const image = given.facts.images[name]
  if (image === undefined || given.facts.host === undefined) throw new Error('the case has no image or no host')
  const config = { ...image.config, ...extra.config, env: [...image.config.env, ...extra.env] }
  return {
    documents, request,
    facts: {
      ...given.facts,
      host: { ...given.facts.host, ...MACHINE },
      images: { [name]: { ...image, passwd: extra.passwd, group: extra.group, config } },
      cdi: [{ path: '/etc/cdi/vendor.json', document: extra.cdi }]
    }
  }
}
