import { ALL_CAPABILITIES, DEFAULT_CAPABILITIES, expanded } from '../domain/capabilities'
import { inPlugin } from '../domain/DocumentPath'
import { matchesAny } from '../domain/glob'
import { Notice } from '../domain/Notice'
import { Policy } from './Policy'

/**
 * A way to rights of the host that a policy leaves to tasks: the plugin option that closes it, and what a task can do
 * meanwhile.
 */
export interface OpenWall {
  readonly option: string
  readonly lets: string
}

/** The ways to rights of the host that stay open beside `privileged`. */
export const openWalls = (policy: Policy): ReadonlyArray<OpenWall> => {
  const { allow_caps: caps, allowed_modes: modes, volumes, allow_devices: devices, allow_unconfined: free } = policy
  const more = expanded(caps, () => ALL_CAPABILITIES).filter((name) => !DEFAULT_CAPABILITIES.includes(name))
  const walls: ReadonlyArray<readonly [string, boolean, string]> = [
    [
      'allow_caps',
      more.length > 0,
      `add ${more.length > 1 ? `${String(more.length)} capabilities` : 'a capability'} beyond the default ones`
    ],
    ['allowed_modes.pid', matchesAny(modes.pid, 'host'), "share the host's process ids"],
    ['allowed_modes.ipc', matchesAny(modes.ipc, 'host'), "share the host's IPC"],
    ['allowed_modes.network', matchesAny(modes.network, 'host'), "share the host's network"],
    ['allow_devices', devices.includes('*'), 'have any device of the host'],
    ['allow_unconfined', free, 'run without seccomp, AppArmor and masked paths'],
    ['seccomp', !policy.seccomp, 'run without a seccomp filter by saying nothing'],
    [
      'volumes.enabled',
      volumes.enabled && volumes.open && volumes.allowed_paths.length === 0,
      'bind most paths of the host'
    ],
    [
      'volumes.allow_shared_propagation',
      volumes.enabled && volumes.allow_shared_propagation,
      'show its mounts to the host'
    ]
  ]
  return walls.flatMap(([option, open, lets]) => (open ? [{ option, lets }] : []))
}

/**
 * What an operator who refuses privileged tasks should know: without the other options that refusal keeps nobody from
 * the host.
 */
export const wallNotices = (policy: Policy): ReadonlyArray<Notice> => {
  const walls = policy.allow_privileged ? [] : openWalls(policy)
  return walls.length === 0
    ? []
    : [
        Notice(
          inPlugin('allow_privileged'),
          `is false, and that alone does not confine: a task may still ${walls.map(({ option, lets }) => `${lets} (\`${option}\`)`).join(', ')}. Set these too, or \`hardened = true\``
        )
      ]
}
