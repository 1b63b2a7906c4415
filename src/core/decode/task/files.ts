import { ITEMS, MOUNT_OPTIONS } from '../../domain/ceilings'
import { says } from '../../field/About'
import * as F from '../../field/Field'
import * as K from '../../field/Kind'
import { pathFirst, pathText, twoPaths } from '../../field/pathKind'
import { volumes } from '../../value/kinds'

const MOUNTS = ['spec.mounts', 'spec.linux.rootfsPropagation', 'spec.ociVersion', 'mounts']
const MAX_MODE = 0o7777

const bind_options = {
  propagation: F.optional(
    K.word(['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave']),
    'How mounts below it propagate.'
  )
}

const tmpfs_options = {
  size: F.optional(K.size, 'Its size, in bytes or such as "64m".'),
  mode: F.optional(K.whole(0, MAX_MODE), 'Its mode, as a decimal number: 511 is octal 777.')
}

const mounts = {
  type: F.withDefault(
    K.word(['volume', 'bind', 'tmpfs']),
    'volume',
    'What is mounted: a named volume, a host path, or memory.'
  ),
  target: F.required(pathText, 'Absolute path in the container.'),
  source: F.withDefault(
    pathText,
    '',
    'bind: host path, or a path below the task directory when relative. volume: name, or an absolute host path.'
  ),
  options: F.orEmpty(
    K.textsOf(K.text, MOUNT_OPTIONS),
    [],
    'fstab style mount options. A bind without any gets `rbind` and `rw`.'
  ),
  readonly: F.withDefault(K.flag, false, 'The same as `ro` among the options.'),
  bind_options: F.optional(K.block(bind_options), "The docker driver's words for the propagation of a bind."),
  tmpfs_options: F.optional(K.block(tmpfs_options), "The docker driver's words for the size and mode of a tmpfs.")
}

const devices = {
  host_path: F.required(pathText, 'Device, or directory of devices, on the host.'),
  container_path: F.optional(pathText, "Its path in the container, the host's when left out."),
  cgroup_permissions: F.optional(K.text, 'What the container may do with it: of `r`, `w` and `m`. `rwm` when left out.')
}

/** Mounts and devices. */
export const files = {
  mounts: F.alias(
    F.orEmpty(
      K.blocks(mounts, { volume_options: 'a named volume is a plain directory: leave it out' }),
      [],
      says('What is mounted into the container.', MOUNTS, {
        policy: ['volumes'],
        example: 'mounts = [{ type = "bind", source = "/srv", target = "/srv", options = ["rbind", "ro"] }]'
      })
    ),
    'mount'
  ),
  volumes: F.orEmpty(
    volumes,
    [],
    says('Binds in short, each `source:target[:options]`. A relative source starts at the task directory.', MOUNTS, {
      policy: ['volumes'],
      example: 'volumes = ["local/www:/www:ro"]'
    })
  ),
  tmpfs: F.orEmpty(
    K.textsOf(pathFirst, ITEMS),
    [],
    says(
      'Memory file systems, each `target[:options]`, with `noexec,nosuid,nodev` unless the options say otherwise.',
      MOUNTS,
      { example: 'tmpfs = ["/tmp:size=64m,mode=1777"]' }
    )
  ),
  devices: F.orEmpty(
    K.textsOrBlocks(twoPaths, devices),
    [],
    says(
      'Host devices: paths, `host:container:permissions`, blocks, or CDI names such as `nvidia.com/gpu=0`.',
      [
        'spec.linux.devices',
        'spec.linux.resources.devices',
        'spec.process.env',
        'spec.process.user.additionalGids',
        'spec.mounts',
        'spec.hooks'
      ],
      { policy: ['allow_devices'], example: 'devices = ["/dev/fuse"]' }
    )
  )
} as const satisfies F.Fields
