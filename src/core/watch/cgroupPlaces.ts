/** Where the files of a cgroup lie: for v1 a directory for each controller. */
export type CgroupPlaces =
  | { readonly _tag: 'V1'; readonly cpu: string; readonly cpuacct: string; readonly memory: string }
  | { readonly _tag: 'V2'; readonly directory: string }

/** A mounted hierarchy: the cgroup that it shows as its root, and at which path of the host. */
export interface Hierarchy {
  readonly root: string
  readonly at: string
}

/** The hierarchies of this host: those of v1 by controller, and v2's. */
export interface Hierarchies {
  readonly v1: Readonly<Record<string, Hierarchy>>
  readonly v2: Hierarchy | undefined
}

/** What /proc/self/mountinfo says of cgroups (proc(5)); of two mounts of a controller the first counts, as for runc. */
export const hierarchiesIn = (mountinfo: string): Hierarchies => {
  const mounts = mountinfo.split('\n').flatMap((line) => mountIn(line) ?? [])
  const v1 = mounts.filter(({ type }) => type === 'cgroup')
    .flatMap(({ options, hierarchy }) => options.map((controller) => [controller, hierarchy] as const))
  return { v1: Object.fromEntries([...v1].reverse()), v2: mounts.find(({ type }) => type === 'cgroup2')?.hierarchy }
}

interface Mount {
  readonly type: string
  readonly options: ReadonlyArray<string>
  readonly hierarchy: Hierarchy
}

const mountIn = (line: string): Mount | undefined => {
  const [mount = '', source = ''] = line.split(' - ')
  const [type = '', , options = ''] = source.split(' ')
  const [, , , root, at] = mount.split(' ')
  return root === undefined || at === undefined || !type.startsWith('cgroup')
    ? undefined
    : { type, options: options.split(','), hierarchy: { root: unescaped(root), at: unescaped(at) } }
}

/** A path as mountinfo writes it: space, tab, line feed and backslash as octal numbers. */
const unescaped = (path: string): string =>
  path.replace(/\\(\d{3})/g, (_all, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

/**
 * Where the files of the cgroup at `path` of a spec lie; undefined when it is not an absolute path, which only its
 * runtime can follow, or when it lies outside of what is mounted here.
 */
export const placesOf = ({ v1, v2 }: Hierarchies, path: string): CgroupPlaces | undefined => {
  if (!path.startsWith('/')) return undefined
  const [cpu, cpuacct, memory] = [placeIn(v1['cpu'], path), placeIn(v1['cpuacct'], path), placeIn(v1['memory'], path)]
  if (cpu !== undefined && cpuacct !== undefined && memory !== undefined) return { _tag: 'V1', cpu, cpuacct, memory }
  const directory = v1['memory'] === undefined ? placeIn(v2, path) : undefined
  return directory === undefined ? undefined : { _tag: 'V2', directory }
}

const placeIn = (hierarchy: Hierarchy | undefined, path: string): string | undefined => {
  if (hierarchy === undefined) return undefined
  const { root, at } = hierarchy
  if (root === '/') return `${at}${path}`
  return path.startsWith(`${root}/`) ? `${at}${path.slice(root.length)}` : undefined
}
