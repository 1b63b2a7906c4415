import { isRecord } from '../../domain/isRecord'
import { isAbsolute } from '../../domain/path'
import { Around } from './Around'
import { differs, equal, Judge, missing, Row, Rows } from './Row'
import { Beside, Differs, EQUAL, Missing, Needless } from './Verdict'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/**
 * The type of a mount: a volume when it says none. What an expression says is there without a value, and no type is
 * known.
 */
const typeOf = (beside: Readonly<Record<string, unknown>>): string | undefined =>
  'type' in beside && beside['type'] === undefined ? undefined : text(beside['type']) || 'volume'

const DOCKER_SOCKET = /^(?:\/var)?\/run\/docker\.sock(?::|$)/
const NO_DOCKERD = "names dockerd's socket, and there need not be a dockerd"
const MUST_EXIST = 'a source that does not exist is refused, where dockerd makes a directory'

/** Places that every Linux host has. */
const EVERYWHERE = [
  ...['/', '/boot', '/dev', '/etc', '/home', '/proc', '/root', '/run', '/sys', '/tmp', '/usr', '/var', '/var/log'],
  ...['/var/run', '/etc/group', '/etc/hosts', '/etc/passwd', '/etc/resolv.conf', '/sys/fs/cgroup']
]

/** Places of every task, from its own directory. */
const OF_TASKS = ['local', 'secrets', 'tmp', '../alloc', '../alloc/data', '../alloc/logs', '../alloc/tmp']

const mayBeMissing = ({ made }: Around) => (volume: string): boolean => {
  const source = (volume.split(':')[0] ?? '').replace(/^(?:\.\/)+/, '').replace(/(?<=.)\/+$/, '')
  const isThere = made.some((file) => `${file.replace(/^(?:\.\/)+/, '')}/`.startsWith(`${source}/`))
  return !isThere && ![...EVERYWHERE, ...OF_TASKS].includes(source) && !/^\/(?:proc|dev)\//.test(source)
}

const optionsFor = (kind: string): Judge => (_value, { beside }) => {
  const type = typeOf(beside)
  return type === undefined || type === kind ? EQUAL : Needless(`dockerd ignores it for a ${type}`)
}

const volumeOptions: Judge = (_value, { beside }) => {
  const type = typeOf(beside)
  return type === undefined || type === 'volume'
    ? Missing("a named volume is a plain directory: no driver, no labels, no copy of the image's files")
    : Needless(`dockerd ignores it for a ${type}`)
}

const positive: Judge = (value) => (value === 0 ? Needless('zero is no limit, as when left out') : EQUAL)

const TMPFS_FLAGS = ['noexec', 'nosuid', 'nodev']

// Only `tmpfs = [...]` has these flags by itself here.
const type: Judge = (value) =>
  value === 'tmpfs'
    ? Beside('the flags that dockerd gives a tmpfs are added as `options`', [{ name: 'options', value: TMPFS_FLAGS }])
    : EQUAL

const mount: Rows = {
  type: equal('mounts.type', "A tmpfs has dockerd's flags only when `options` say so: they are added.", {
    judge: type
  }),
  target: equal('mounts.target'),
  source: equal('mounts.source', 'A `volume` needs a source: there are no nameless volumes.', {
    judge: (value) => (DOCKER_SOCKET.test(text(value)) ? Differs(NO_DOCKERD) : EQUAL)
  }),
  readonly: equal('mounts.readonly'),
  bind_options: equal('mounts.bind_options', 'Equal.', {
    judge: optionsFor('bind'),
    rows: { propagation: equal('mounts.bind_options.propagation') }
  }),
  tmpfs_options: equal('mounts.tmpfs_options', 'Equal.', {
    judge: optionsFor('tmpfs'),
    rows: {
      size: equal('mounts.tmpfs_options.size', 'Equal.', { judge: positive }),
      mode: equal('mounts.tmpfs_options.mode')
    }
  }),
  volume_options: missing('A named volume is a plain directory.', {
    judge: volumeOptions,
    rows: {
      no_copy: missing('Files of the image are never copied into a volume.'),
      labels: missing('A named volume is a plain directory.'),
      driver_config: missing('Use a Nomad `volume`: host volumes and CSI.', {
        rows: { name: missing('Use a Nomad `volume`.'), options: missing('Use a Nomad `volume`.') }
      })
    }
  })
}

const NAMELESS = 'there are no nameless volumes'

const listed: Judge = (value) => {
  const blocks = (Array.isArray(value) ? value : [value]).filter(isRecord)
  const nameless = blocks.filter(
    (block) => typeOf(block) === 'volume' && !('source' in block && block['source'] !== '')
  )
  if (nameless.length === 0) return EQUAL
  return blocks.length === 1
    ? Missing(`${NAMELESS}: without it the path is a plain directory of the container`)
    : Differs(`${NAMELESS}: give each one a \`source\``)
}

const mounts = (says: string, judge: Judge): Row => equal('mounts', says, { rows: mount, judge })

// A relative source with a volume driver is the name of a volume of that driver, and no path.
const volumes: Judge = (value, { config, around }) => {
  if (!Array.isArray(value)) return EQUAL
  const short = value.map(text)
  if (text(config['volume_driver']) !== '' && short.some((one) => !isAbsolute(one)))
    return Missing('with `volume_driver` these are volumes of a plugin: use a Nomad `volume`')
  const told = [
    ...(short.some((one) => DOCKER_SOCKET.test(one)) ? [`one ${NO_DOCKERD}`] : []),
    ...(short.some(isRelabelled) ? ['`z` and `Z` are not applied'] : []),
    ...(short.some((one) => !DOCKER_SOCKET.test(one) && mayBeMissing(around)(one)) ? [MUST_EXIST] : [])
  ]
  return told.length === 0 ? EQUAL : Differs(told.join('; '))
}

const isRelabelled = (volume: string): boolean => /:(?:[^/:]*,)?[zZ](?:,|$)/.test(volume)

/** Mounts, volumes and devices. */
export const filesRows: Rows = {
  mount: mounts('A job uses one of the two names. A bind whose source does not exist is refused, as there.', listed),
  mounts: mounts('A job uses one of the two names. A bind whose source does not exist is refused, as there.', listed),
  volumes: differs('volumes', 'The source must exist. `z` and `Z` are not applied, and a notice says so.', {
    judge: volumes
  }),
  volume_driver: missing('Use a Nomad `volume`: host volumes and CSI.'),
  devices: equal('devices', 'Blocks as there, also texts and CDI names.', {
    rows: {
      host_path: equal('devices.host_path'),
      container_path: equal('devices.container_path'),
      cgroup_permissions: equal('devices.cgroup_permissions')
    }
  })
}
