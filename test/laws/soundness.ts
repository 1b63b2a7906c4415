import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { compared } from '../../src/core/comparison'
import { Compiled } from '../../src/core/compile/Compiled'
import { Change } from '../../src/core/diff/Change'
import { Json } from '../../src/core/domain/Json'
import { DeviceFacts, Facts, none } from '../../src/core/facts/Facts'
import { SAMPLE_HOST, sampleFacts } from '../../src/core/facts/sampleFacts'
import * as ImageConfig from '../../src/core/image/ImageConfig'
import * as Job from '../../src/core/job/Job'
import { partsOf } from '../../src/core/job/jobParts'
import { USUAL_PLUGIN } from '../../src/core/job/ours'
import { SAMPLE } from '../../src/core/job/sample'
import { toDocuments } from '../../src/core/job/toDocuments'
import { documentOf, translateOffline } from '../../src/core/offline'
import { answeredBy, inquiryOf } from '../../src/core/resolve/inquiry'
import { imageName } from '../../src/core/resolve/questionsOf'
import * as Request from '../../src/core/resolve/Request'
import { translate } from '../../src/core/translate'
import { rightOf } from '../../src/testing/facts'
import { gained } from './reach'

/** What only a client, its host and its images know. */
export interface Host {
  readonly cgroups: 'v1' | 'v2'
  readonly volumes: Readonly<Record<string, string>>
  /** The user of each image. */
  readonly users: Readonly<Record<string, string>>
  readonly dri: DeviceFacts
}

const user = fc.constantFrom('', '0', '1000', '2000:2000')

export const hosts: fc.Arbitrary<Host> = fc.record({
  cgroups: fc.constantFrom('v1', 'v2'),
  volumes: fc.record({ rootfs: fc.constantFrom('/', '/srv/a'), data: fc.constantFrom('/srv/a', '/srv/b') }),
  users: fc.record({ 'docker.io/library/app:1': user, 'docker.io/library/app:2': user, 'docker.io/other/app:latest': user }),
  dri: fc.record({ type: fc.constant('c' as const), major: fc.constant(226), minor: fc.nat({ max: 2 }), fileMode: fc.constant(0o660), uid: fc.constant(0), gid: fc.constant(44) })
})

const placeIn = (job: unknown): Job.Place => {
  const [place] = Job.placesOf(rightOf(Job.decode(job)))
  if (place === undefined) throw new Error('the job has no task')
  return place
}

/** What `diff` makes of a job, without a host. */
export const offline = (job: unknown): Json => {
  const place = placeIn(job)
  return documentOf(translateOffline({
    documents: { ...toDocuments(place).documents, plugin: USUAL_PLUGIN }, facts: none, image: ImageConfig.placeholder, job: partsOf(place)
  }))
}

/** What is told of two documents. */
export type Gate = (before: Json, after: Json) => ReadonlyArray<Change>

export const gate: Gate = (before, after) => compared(before, after, []).changes

type Item = Readonly<Record<string, unknown>>

const items = (value: unknown): ReadonlyArray<Item> => (Array.isArray(value) ? (value as ReadonlyArray<Item>) : [])
const word = (value: unknown, otherwise: string): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise)
const of = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null ? (value as Item)[name] : undefined)

/** What a client mounts for a task. */
const mountsOn = ({ volumes }: Host, { group, task }: Job.Place): ReadonlyArray<Item> =>
  items(task.VolumeMounts).flatMap((mount) => {
    const volume = of(of(group, 'Volumes'), String(mount['Volume']))
    const hostPath = volumes[String(of(volume, 'Source'))]
    const spread = mount['PropagationMode'] === 'bidirectional' ? 'bidirectional' : 'private'
    return hostPath === undefined
      ? []
      : [{ taskPath: mount['Destination'], hostPath, readonly: mount['ReadOnly'] === true || of(volume, 'ReadOnly') === true, propagationMode: spread }]
  })

const factsOn = (host: Host, request: Request.Request): Facts => {
  const name = imageName(request)
  const image = { ...ImageConfig.empty, user: host.users[name] ?? '' }
  const given: Facts = {
    ...none,
    host: { ...SAMPLE_HOST, cgroups: host.cgroups },
    devices: { '/dev/dri': host.dri },
    images: { [name]: { digest: `sha256:${'1'.repeat(64)}`, chainId: `sha256:${'2'.repeat(64)}`, config: image, passwd: 'root:x:0:0::/:\nnobody:x:65534:65534::/:\n', group: '' } }
  }
  return answeredBy(inquiryOf(request), (questions, known) => sampleFacts(questions, known, image), given)
}

/** The container of a job on a host, with what Nomad does beside it; undefined where it is refused there. */
export const real = (job: unknown, host: Host): { readonly compiled: Compiled; readonly reach: ReadonlyArray<string> } | undefined => {
  const place = placeIn(job)
  const { documents } = toDocuments(place)
  const allocation = { ...(documents.allocation as Item), mounts: mountsOn(host, place) }
  const request = Request.decode({ task: documents.task, allocation, plugin: USUAL_PLUGIN })
  if (E.isLeft(request)) return undefined
  const compiled = translate(request.right, factsOn(host, request.right))
  return E.isLeft(compiled) ? undefined : { compiled: compiled.right, reach: reachOf(place) }
}

/** What Nomad opens for a task, each by a name: one more is one more door. */
const reachOf = ({ group, task }: Job.Place): ReadonlyArray<string> => {
  const [network] = items(group.Networks)
  const ports = [...items(network?.['ReservedPorts']), ...items(network?.['DynamicPorts'])]
  const published = network?.['Mode'] === 'bridge' ? ports : []
  const identities = [of(task, 'Identity'), ...items(of(task, 'Identities'))].filter((one) => of(one, 'Env') === true || of(one, 'File') === true)
  const services = items(of(group, 'Services'))
  return [
    ...published.map((port) => `port ${word(port['Value'], 'any')} to ${word(port['To'], '')}`),
    ...(network?.['Mode'] === undefined || network['Mode'] === 'host' ? ['the network of the host'] : []),
    ...identities.map((one) => `token of ${word(of(one, 'Name'), 'default')}`),
    ...(of(task, 'CSIPluginConfig') === undefined ? [] : ['storage of the host']),
    ...(of(of(task, 'Vault'), 'Policies') as ReadonlyArray<string> | undefined ?? []).map((policy) => `policy ${policy}`),
    ...items(of(task.Resources, 'Devices')).map((device) => `device ${String(device['Name'])}`),
    ...services.flatMap((one) => items(of(of(of(of(one, 'Connect'), 'SidecarService'), 'Proxy'), 'Upstreams')).map((up) => `upstream ${String(up['DestinationName'])}`))
  ]
}

/** The task's own directories show nothing of the host, wherever else they are mounted. */
const isOwn = (breach: string): boolean => new RegExp(`^(?:host path|writable mount) ${SAMPLE.allocRoot}/${SAMPLE.allocId}/(?:alloc|t/local|t/secrets)(?:/| )`).test(breach)

/** What the second job can reach on a host and the first cannot. */
export const gainedOn = (host: Host, before: unknown, after: unknown): ReadonlyArray<string> => {
  const [a, b] = [real(before, host), real(after, host)]
  if (a === undefined || b === undefined) return []
  const root = b.compiled.spec.process.user.uid === 0 && a.compiled.spec.process.user.uid !== 0 ? ['root'] : []
  return [...gained(a.compiled, b.compiled).filter((one) => !isOwn(one)), ...root, ...b.reach.filter((one) => !a.reach.includes(one))]
}
