import { Container } from '../../src/core/compile/Compiled'
import { Mount, Spec } from '../../src/core/domain/Oci'
import { clean } from '../../src/core/domain/path'

/** A law of what is compiled: the ways in which it is broken, none when it holds. */
export type Breaches = ReadonlyArray<string>

const twins = (names: ReadonlyArray<string>): Breaches => names.filter((name, index) => names.indexOf(name) !== index)

const nameOf = (line: string): string => line.slice(0, line.indexOf('='))

/** No name stands in the environment twice, and every line has one. */
export const envNamesAreUnique = ({ process }: Spec): Breaches => [
  ...twins(process.env.map(nameOf)),
  ...process.env.filter((line) => line.indexOf('=') <= 0)
]

/** The environment is sorted by name, in the order of code units. */
export const envIsSortedByName = ({ process }: Spec): Breaches =>
  process.env.map(nameOf).filter((name, index, all) => index > 0 && (all[index - 1] ?? '') > name)

/** One mount to a place, and each place is written in one way only. */
export const destinationsAreUniqueAndClean = ({ mounts }: Spec): Breaches => [
  ...twins(mounts.map(({ destination }) => destination)),
  ...mounts.map(({ destination }) => destination).filter((path) => path === '/' || clean(path) !== path)
]

const isBelow = (parent: string, path: string): boolean => path.startsWith(`${parent}/`)

/** A mount comes after every mount that it lies in: it would be hidden otherwise. */
export const parentsComeFirst = ({ mounts }: Spec): Breaches =>
  mounts.flatMap(({ destination }, index) =>
    mounts.slice(index + 1).filter((later) => isBelow(later.destination, destination)).map((later) => `${destination} before ${later.destination}`)
  )

/** No namespace is asked for twice. */
export const namespacesAreUnique = ({ linux }: Spec): Breaches => twins(linux.namespaces.map(({ type }) => type))

/** What the kernel takes as CPU shares, and no reservation above a limit. */
export const limitsAreSane = ({ linux: { resources: { cpu, memory } } }: Spec): Breaches => [
  ...(Number.isInteger(cpu.shares) && cpu.shares >= 2 && cpu.shares <= 262_144 ? [] : [`shares ${String(cpu.shares)}`]),
  ...((memory.limit ?? -1) > 0 && (memory.reservation ?? 0) > (memory.limit ?? -1) ? [`reservation ${String(memory.reservation)}`] : []),
  ...((memory.swap ?? -1) >= 0 && (memory.limit ?? -1) > (memory.swap ?? -1) ? [`swap ${String(memory.swap)}`] : []),
  ...(cpu.quota !== undefined && cpu.quota < 1000 ? [`quota ${String(cpu.quota)}`] : []),
  ...[memory.limit, memory.reservation, memory.swap]
    .filter((bytes) => bytes !== undefined && !Number.isSafeInteger(bytes))
    .map((bytes) => `${String(bytes)} is no number of bytes`)
]

const IDENTIFIER = /^[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*$/

/** containerd takes the id (pkg/identifiers). */
export const idIsAnIdentifier = ({ id }: Container): Breaches => (id.length <= 76 && IDENTIFIER.test(id) ? [] : [id])

/** Labels stay below containerd's 4096 bytes, key and value together. */
export const labelsFit = ({ labels }: Container): Breaches =>
  Object.entries(labels).filter(([key, value]) => Buffer.byteLength(key + value) > 4096).map(([key]) => key)

/** Effective in permitted in bounding; ambient in all of them, and equal to inheritable (the kernel needs both; CVE-2022-24769). */
export const capabilitiesAreNested = ({ process: { capabilities: { bounding, effective, permitted, inheritable = [], ambient = [] } } }: Spec): Breaches => [
  ...[bounding, effective, permitted, inheritable, ambient].filter((set) => set.join() !== [...new Set(set)].sort().join()).map((set) => `unsorted ${set.join()}`),
  ...effective.filter((name) => !permitted.includes(name)), ...permitted.filter((name) => !bounding.includes(name)), ...ambient.filter((name) => !permitted.includes(name)),
  ...(inheritable.join() === ambient.join() ? [] : [`inheritable ${inheritable.join()}`])
]

/** The binds of a spec, which are all that leads out of the container. */
export const binds = ({ mounts }: Spec): ReadonlyArray<Mount> => mounts.filter(({ type }) => type === 'bind')
