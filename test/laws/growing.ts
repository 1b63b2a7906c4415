import * as E from 'fp-ts/Either'

import { parse as cdiName } from '../../src/core/cdi/QualifiedName'
import { fields as allocationFields } from '../../src/core/decode/Allocation'
import { fields as taskFields } from '../../src/core/decode/TaskConfig'
import { compact } from '../../src/core/domain/canonical'
import { capability } from '../../src/core/domain/capabilities'
import { placeIn } from '../../src/core/domain/DocumentPath'
import { matches } from '../../src/core/domain/glob'
import { mappingsOf } from '../../src/core/domain/idMappings'
import { deepest, Issue } from '../../src/core/domain/Issue'
import { reservedFor } from '../../src/core/domain/labels'
import { clean, resolve } from '../../src/core/domain/path'
import { numberOf } from '../../src/core/domain/Signal'
import { Facts, none } from '../../src/core/facts/Facts'
import { sampleFacts } from '../../src/core/facts/sampleFacts'
import { Field, Fields } from '../../src/core/field/Field'
import { Shape } from '../../src/core/field/Field'
import { nearest } from '../../src/core/field/nearest'
import * as scalar from '../../src/core/field/scalar'
import { chainIds } from '../../src/core/image/chainIds'
import * as ImageConfig from '../../src/core/image/ImageConfig'
import * as ImageReference from '../../src/core/image/ImageReference'
import { wrongCwd } from '../../src/core/policy/process'
import { issues as spoken } from '../../src/core/report/explain'
import { groupsOf, userOf } from '../../src/core/resolve/accounts'
import { noticesOf } from '../../src/core/resolve/noticesOf'
import { imageName, questionsOf } from '../../src/core/resolve/questionsOf'
import { Documents, examine } from '../../src/core/resolve/Request'
import { parse as resolver } from '../../src/core/resolve/resolvConf'
import { translate } from '../../src/core/translate'
import { extraHost } from '../../src/core/value/HostLine'
import { isAddress } from '../../src/core/value/isAddress'
import { parse as selinux } from '../../src/core/value/SelinuxOption'
import { parse as ulimit } from '../../src/core/value/Ulimit'
import { parse as volume } from '../../src/core/value/Volume'

/** Something whose cost grows with a size: `of(size)` makes the input and gives what is measured. */
export interface Growing {
  readonly name: string
  readonly most: number
  readonly of: (size: number) => () => unknown
}

/** Pieces of which a text is made that means harm: each is hard for some way to read texts. */
const PIECES = [
  'a', '1', '/', '/a', '/..', '/../a/.', ',', ':', 'a:', '-', '_', '.', ' ', '\t', '\n', '"', '\\', '%', '${', '=', '@', '*', '[', 'a-', 'é', '1ns', 'v1.', '::', '::1,', '/a\n'
]

const text = (piece: string, bytes: number): string => piece.repeat(Math.max(1, Math.floor(bytes / new TextEncoder().encode(piece).length)))

/** Items that are all different, of every kind in turn. */
const item = (index: number): string => `${text(PIECES[index % PIECES.length] ?? 'a', 12)}${String(index)}`

const count = (length: number): ReadonlyArray<number> => Array.from({ length }, (_, index) => index)

const ALLOC = '5e3c1d2f-7a44-4b1e-9c55-0d3c8a6b7e10'
const TASK = { image: 'docker.io/library/redis:7', command: 'run' }
const ALLOCATION = { id: `${ALLOC}/web/1`, name: 'web', allocId: ALLOC, allocDir: `/var/lib/nomad/alloc/${ALLOC}`, stdoutPath: '/o', stderrPath: '/e' }
const PLUGIN = { containerd_runtime: 'io.containerd.runc.v2' }

const FACTS: Facts = { ...none, cdi: [] }

/** All that the driver does with three documents before it asks the host, and after. */
const translated = (documents: Documents, image: ImageConfig.ImageConfig = ImageConfig.empty, accounts = { passwd: '', group: '' }) => (): unknown => {
  const { issues, request } = examine(documents)
  if (request === undefined || issues.length > 0) return spoken(issues).length
  const facts = sampleFacts(questionsOf(request), FACTS, image)
  const name = imageName(request)
  const outcome = translate(request, { ...facts, images: { [name]: { digest: 'd', chainId: 'c', config: image, ...accounts } } })
  return E.isRight(outcome) ? [compact(outcome.right.spec).length, noticesOf(request).length] : spoken(outcome.left).length
}

/** A value of an option in a document around it. */
type Around = (value: unknown) => Documents

const inTask = (path: ReadonlyArray<string>): Around => (value) => ({ task: { ...TASK, ...nest(path, value) }, plugin: PLUGIN, allocation: ALLOCATION })
const inAllocation = (path: ReadonlyArray<string>): Around => (value) => ({ task: TASK, plugin: PLUGIN, allocation: { ...ALLOCATION, ...nest(path, value) } })

const nest = (path: ReadonlyArray<string>, value: unknown): Readonly<Record<string, unknown>> =>
  path.slice(1).reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) === undefined
    ? {}
    : { [path[0] ?? '']: path.slice(1).reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) }

const LONGEST = 131_071

/** Every way in which an option can be made large. A new option is here by itself. */
const ofField = (name: string, { shape }: Field<unknown>, around: Around): ReadonlyArray<Growing> => {
  const grown = (how: string, most: number, of: (size: number) => unknown): Growing =>
    ({ name: `${name}${how}`, most, of: (size) => translated(around(of(size))) })
  const bytes = sizeOf(shape)
  switch (shape._tag) {
    case 'Flag':
    case 'Whole':
    case 'Word':
      return []
    case 'Text':
    case 'Path':
    case 'Hidden':
    case 'Octal':
    case 'Duration':
    case 'Size':
      return PIECES.flatMap((piece) => [grown(` of ${JSON.stringify(piece)}`, bytes, (size) => text(piece, size)), grown(` of / and ${JSON.stringify(piece)}`, bytes, (size) => `/${text(piece, size - 1)}`)])
    case 'Texts':
      return [grown(' of many', shape.most, (size) => count(size).map(item)), ...(SUITED[name] === undefined ? [] : [grown(' of many that suit', shape.most, (size) => count(size).map(SUITED[name] ?? item))])]
    case 'TextMap':
      return [
        grown(' of many', shape.most, (size) => Object.fromEntries(count(size).map((index) => [item(index), 'x']))),
        grown(' of many that suit', shape.most, (size) => Object.fromEntries(count(size).map((index) => [SUITED[name]?.(index) ?? `n${String(index)}`, '1'])))
      ]
    case 'Block':
      return ofFields(`${name}.`, shape.fields, (value) => around(value))
    case 'Blocks':
    case 'TextsOrBlocks':
      return [
        grown(' of many blocks', shape.most, (size) => count(size).map((index) => block(shape.fields, index))),
        ...(shape._tag === 'TextsOrBlocks' ? [grown(' of many texts', shape.most, (size) => count(size).map(item))] : []),
        ...ofFields(`${name}[].`, shape.fields, (value) => around([{ ...block(shape.fields, 0), ...(value as object) }]))
      ]
  }
}

const sizeOf = (shape: Shape): number => (shape._tag === 'Text' || shape._tag === 'Hidden' ? Math.min(LONGEST, shape.most) : 4096)

const block = (fields: Fields, index: number): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, { shape }]) => (shape._tag === 'Text' ? [[name, BLOCK[name]?.(index) ?? `/p${String(index)}`]] : name === 'type' ? [[name, 'bind']] : [])))

const BLOCK: Readonly<Record<string, (index: number) => string>> = {
  cgroup_permissions: () => 'r', cgroupPermissions: () => 'r', host_path: () => '/dev/null', hostIp: () => '10.0.0.1', label: (index) => `p${String(index)}`
}

const SUITED: Readonly<Record<string, (index: number) => string>> = {
  'task.volumes': (index) => `/srv/${String(index)}:/to/${String(index)}:ro`,
  'task.tmpfs': (index) => `/to/${String(index)}:size=1m`,
  'task.args': (index) => `--a${String(index)}`, 'task.entrypoint': (index) => `e${String(index)}`,
  'task.group_add': (index) => String(index + 1),
  'task.extra_hosts': (index) => `h${String(index)}:10.0.0.1`,
  'task.masked_paths': (index) => `/m/${String(index)}`, 'task.readonly_paths': (index) => `/m/${String(index)}`,
  'task.device_read_bps': (index) => `/dev/loop${String(index % 1000)}:1m`,
  'task.sysctl': (index) => `net.a${String(index)}`, 'task.cgroup_conf': (index) => `memory.a${String(index)}`
}

const ofFields = (prefix: string, fields: Fields, around: (value: unknown) => Documents): ReadonlyArray<Growing> =>
  Object.entries(fields).flatMap(([name, field]) => ofField(`${prefix}${name}`, field, (value) => around({ [name]: value })))

const top = (prefix: string, fields: Fields, inside: (path: ReadonlyArray<string>) => Around): ReadonlyArray<Growing> =>
  Object.entries(fields).flatMap(([name, field]) => ofField(`${prefix}${name}`, field, inside([name])))

/** Every option of a job, and every field of Nomad's message. */
export const options: ReadonlyArray<Growing> = [...top('task.', taskFields, inTask), ...top('allocation.', allocationFields, inAllocation)]

const DOCUMENTS: Documents = { task: { image: TASK.image }, plugin: PLUGIN, allocation: ALLOCATION }

const ofImage = (field: string, value: unknown) => (): unknown => {
  const image = ImageConfig.decode({ config: { Cmd: ['run'], [field]: value }, rootfs: { diff_ids: [] } })
  return E.isLeft(image) ? spoken(image.left).length : translated(DOCUMENTS, image.right)()
}

const lines = (size: number, line: (index: number) => string): string => count(size).map(line).join('\n')

const ACCOUNT_LINES = 20_000

const withAccounts = (passwd: string, group: string, user: string): (() => unknown) =>
  translated({ ...DOCUMENTS, task: { ...TASK, group_add: ['g3'] }, allocation: { ...ALLOCATION, user } }, ImageConfig.empty, { passwd, group })

/** What an image says: its config, its accounts. */
export const image: ReadonlyArray<Growing> = [
  ...['Env', 'Entrypoint', 'Cmd'].map((field) => ({ name: `image ${field} of many`, most: 16_384, of: (size: number) => ofImage(field, count(size).map((index) => `N${String(index)}=${item(index)}`)) })),
  ...['Env', 'Entrypoint', 'Cmd'].map((field) => ({ name: `image ${field} of wrong type`, most: 50_000, of: (size: number) => ofImage(field, count(size)) })),
  ...['Labels', 'Volumes'].map((field) => ({ name: `image ${field}`, most: 50_000, of: (size: number) => ofImage(field, Object.fromEntries(count(size).map((index) => [`/v${String(index)}`, {}]))) })),
  ...['User', 'WorkingDir', 'StopSignal'].flatMap((field) => PIECES.map((piece) => ({ name: `image ${field} of ${JSON.stringify(piece)}`, most: 4096, of: (size: number) => ofImage(field, text(piece, size)) }))),
  { name: 'lines of passwd', most: ACCOUNT_LINES, of: (size) => withAccounts(lines(size, (index) => `u${String(index)}:x:${String(index)}:${String(index)}::/:/bin/sh`), 'g3:x:3:', `u${String(size - 1)}`) },
  { name: 'lines of group', most: ACCOUNT_LINES, of: (size) => withAccounts('u:x:1:1::/:', lines(size, (index) => `g${String(index)}:x:${String(index)}:u`), 'u') },
  { name: 'members of a group', most: ACCOUNT_LINES * 5, of: (size) => withAccounts('u:x:1:1::/:', `g3:x:3:${count(size).map((index) => `m${String(index)}`).join(',')},u`, 'u') }
]

const facts = { digest: '', chainId: '', config: ImageConfig.empty, passwd: '', group: '' }

/** Whatever reads a text, without the ceilings that stand before it. */
const READERS: Readonly<Record<string, (given: string) => unknown>> = {
  clean, resolve: (given) => resolve('/a', given), wrongCwd, isAddress, extraHost, image: ImageReference.parse, registryOf: ImageReference.registryOf, cdiName, mappingsOf, selinux, ulimit,
  duration: scalar.durationMs, size: scalar.sizeBytes, octal: scalar.octal, path: scalar.path, resolver, capability, signal: numberOf, reservedFor,
  volume: (given) => volume(`${given}:${given}:${given}`), glob: (given) => matches('*a*b*', given), nearest: (given) => nearest(given, ['command', 'image']),
  compact, issue: (given) => Issue('BadValue', placeIn(given), given, given), user: (given) => userOf(given, facts),
  passwd: (given) => userOf('u', { ...facts, passwd: given, group: given }), spoken: (given) => spoken([Issue('BadValue', placeIn('x'), given, given)])
}

const LETTERS = 200_000

/** Everything that reads texts or lists, at sizes that no ceiling would let through. */
export const readers: ReadonlyArray<Growing> = [
  ...Object.entries(READERS).flatMap(([name, read]) => PIECES.flatMap((piece): ReadonlyArray<Growing> => [
    { name: `${name} of ${JSON.stringify(piece)}`, most: LETTERS, of: (size) => { const given = text(piece, size); return () => read(given) } },
    { name: `${name} of / and ${JSON.stringify(piece)}`, most: LETTERS, of: (size) => { const given = `/${text(piece, size)}`; return () => read(given) } }
  ])),
  { name: 'deepest', most: 50_000, of: (size) => { const all = count(size).map((index) => Issue('BadValue', placeIn('a', `b${String(index)}`, 'c'), 1, 'x')); return () => deepest(all) } },
  { name: 'chainIds', most: 20_000, of: (size) => { const all = count(size).map(String); return () => chainIds(all) } },
  { name: 'groupsOf', most: 50_000, of: (size) => { const all = count(size).map((index) => `g${String(index)}`); return () => groupsOf(all, { ...facts, group: all.map((name, index) => `${name}:x:${String(index)}:`).join('\n') }) } },
  { name: 'questions and sample facts', most: 1000, of: (size) => translated({ task: { ...TASK, volumes: count(size).map((index) => `/srv/${String(index)}:/to/${String(index)}`) }, plugin: PLUGIN, allocation: ALLOCATION }) }
]
