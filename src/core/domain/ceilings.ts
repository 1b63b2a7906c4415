import { isLonger } from './bytes'

/**
 * The most of everything that a job, an image or Nomad may say: what is more is refused before anything is done with
 * it. Sizes are in
 * bytes of UTF-8. `docs/limits.md` is made of these, with where each figure comes from.
 */
export const PATH_BYTES = 4096
export const NAME_BYTES = 255
export const TEXT_BYTES = 4096
export const ARGUMENT_BYTES = 131_071
export const COMMAND_BYTES = 6 * 1024 * 1024
export const CONFIG_BYTES = 8 * 1024 * 1024
export const ANNOTATION_BYTES = 256 * 1024
export const LABEL_BYTES = 4096
export const ITEMS = 1024
export const LIST_LETTERS = 1024 * 1024
export const ARGUMENTS = 16_384
export const VARIABLES = 16_384
export const GROUPS = 65_536
export const RANGES = 340
export const CAPABILITIES = 64
export const ULIMITS = 32
export const NAME_SERVERS = 64
export const MOUNT_OPTIONS = 64
export const DEVICES = 16_384
export const PINS = 128

/** One row of the page: what is counted, the figure, and where it comes from. */
export interface Ceiling {
  readonly what: string
  readonly most: number
  readonly unit: 'bytes' | 'letters' | 'items'
  readonly source: string
}

export const CEILINGS: ReadonlyArray<Ceiling> = [
  {
    what: 'a path, of the host or in the container',
    most: PATH_BYTES,
    unit: 'bytes',
    source: '`PATH_MAX` of Linux (limits.h)'
  },
  {
    what: 'a name in a path, and the name of a task',
    most: NAME_BYTES,
    unit: 'bytes',
    source: '`NAME_MAX` of Linux (limits.h)'
  },
  {
    what: 'any other text, such as a host name or a kernel parameter',
    most: TEXT_BYTES,
    unit: 'bytes',
    source: 'one page, which is what the kernel takes of a setting'
  },
  {
    what: 'an argument, a password, or a variable with its name and `=`',
    most: ARGUMENT_BYTES,
    unit: 'bytes',
    source: '`MAX_ARG_STRLEN` of Linux, without its last byte (binfmts.h)'
  },
  {
    what: 'all arguments and variables of a process, with nine bytes for each',
    most: COMMAND_BYTES,
    unit: 'bytes',
    source: 'three quarters of `_STK_LIM`, the most that execve(2) ever takes'
  },
  {
    what: 'a `config {}` block as Nomad sends it',
    most: CONFIG_BYTES,
    unit: 'bytes',
    source: 'ours: more than the longest command'
  },
  { what: 'a label with its name', most: LABEL_BYTES, unit: 'bytes', source: 'the most that containerd stores' },
  {
    what: 'all annotations with their names',
    most: ANNOTATION_BYTES,
    unit: 'bytes',
    source: 'as in Kubernetes (`TotalAnnotationSizeLimitB`)'
  },
  {
    what: 'arguments of a list (`args`, `entrypoint`, `Cmd`, `Entrypoint`)',
    most: ARGUMENTS,
    unit: 'items',
    source: 'ours'
  },
  { what: 'variables of the job, and of the image', most: VARIABLES, unit: 'items', source: 'ours' },
  { what: 'groups of a process', most: GROUPS, unit: 'items', source: '`NGROUPS_MAX` of Linux (limits.h)' },
  {
    what: 'devices that a task ends up with',
    most: DEVICES,
    unit: 'items',
    source: 'ours: a thousand disks on four paths have some ten thousand'
  },
  {
    what: 'mounts whose source is pinned, because a task could swap it',
    most: PINS,
    unit: 'items',
    source: 'ours: each is a mount of the host, which has 100,000 (`fs.mount-max`)'
  },
  {
    what: 'ranges of `userns`',
    most: RANGES,
    unit: 'items',
    source: '`UID_GID_MAP_MAX_EXTENTS` of Linux (user_namespace.h)'
  },
  {
    what: 'names in `cap_add`, `cap_drop`, `cap_ambient`',
    most: CAPABILITIES,
    unit: 'items',
    source: 'the bits of a capability set of Linux'
  },
  {
    what: 'limits in `ulimit`',
    most: ULIMITS,
    unit: 'items',
    source: '`RLIM_NLIMITS` of Linux, each in two spellings'
  },
  {
    what: 'name servers, search domains, resolver options',
    most: NAME_SERVERS,
    unit: 'items',
    source: 'ours: glibc reads three servers'
  },
  {
    what: 'options of one mount',
    most: MOUNT_OPTIONS,
    unit: 'items',
    source: 'ours: the kernel takes one page of them'
  },
  {
    what: 'any other list or map: mounts, volumes, devices, labels, annotations, `sysctl`, `extra_hosts`, ports',
    most: ITEMS,
    unit: 'items',
    source: 'ours'
  },
  {
    what: 'all texts of a list together, but for `args` and `entrypoint`',
    most: LIST_LETTERS,
    unit: 'letters',
    source: 'ours: it is read in a tenth of a second'
  }
]

/** What is wrong with the size of a path, if anything is; nothing but its size is looked at. */
export const tooLong = (path: string): string | undefined => {
  if (isLonger(path, PATH_BYTES)) return `must be a path of at most ${String(PATH_BYTES)} bytes`
  return path.length > NAME_BYTES / 3 && path.split('/').some((name) => isLonger(name, NAME_BYTES))
    ? `must have no name of more than ${String(NAME_BYTES)} bytes between two slashes`
    : undefined
}
