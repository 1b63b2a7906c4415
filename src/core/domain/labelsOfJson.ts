/** Names of the members that most specs have (Oci.ts). One that is not here is written a little slower, that is all. */
const NAMES: ReadonlyArray<string> = [
  'access', 'additionalGids', 'allow', 'annotations', 'args', 'bounding', 'capabilities', 'cgroupsPath', 'cpu', 'cpus', 'cwd', 'destination',
  'devices', 'effective', 'env', 'gid', 'hard', 'hostname', 'limit', 'linux', 'maskedPaths', 'memory', 'mounts', 'namespaces',
  'noNewPrivileges', 'ociVersion', 'options', 'path', 'period', 'permitted', 'pids', 'process', 'quota', 'readonly', 'readonlyPaths',
  'reservation', 'resources', 'rlimits', 'root', 'rootfsPropagation', 'seccomp', 'shares', 'soft', 'source', 'swap', 'terminal', 'type', 'uid',
  'user'
]

/** The beginning of a member by its name, ready to be written. */
export const LABELS: ReadonlyMap<string, string> = new Map(NAMES.map((name) => [name, `${JSON.stringify(name)}:`]))
