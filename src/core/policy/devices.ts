import { matchesAny } from '../domain/glob'
import { Issue } from '../domain/Issue'
import { clean, isAbsolute } from '../domain/path'
import { repeated } from '../domain/repetition'
import { wantedCdi, WantedDevice, wantedDevices } from '../wanted/wantedDevices'
import { byPolicy, Decoded, Refusals } from './Decoded'

/** Devices: how they are written, and whether the operator lets a task have them. A privileged task has them all. */
export const devices = ({ task, policy, allocation }: Decoded): Refusals => {
  const nodes = wantedDevices(task.devices ?? [])
  const plugins = (allocation?.devices ?? []).map(({ taskPath, hostPath }) => (taskPath === '' ? hostPath : taskPath))
  const twins = repeated([...plugins, ...nodes.map(({ containerPath }) => containerPath)].map(clean))
  const may = (name: string): boolean => mayHave(name, { task, policy })
  return [
    ...nodes.flatMap((node) => [
      ...wrong(node),
      ...(may(node.hostPath) ? [] : [byPolicy(node.at, node.hostPath, 'allow_devices', 'does not list it')])
    ]),
    ...wantedCdi(task.devices ?? []).flatMap(({ at, name }) =>
      may(name) ? [] : [byPolicy(at, name, 'allow_devices', 'does not list it')]
    ),
    ...nodes.flatMap((node, index) =>
      wrong(node).length === 0 && twins[plugins.length + index] === true
        ? [Issue('Conflict', node.at, node.containerPath, 'another device stands there')]
        : []
    )
  ]
}

/** Whether the operator lets a task have a device, by its path on the host or its CDI name. */
export const mayHave = (name: string, { task, policy }: Pick<Decoded, 'task' | 'policy'>): boolean =>
  task.privileged === true || matchesAny(policy.allow_devices, name)

const wrong = ({ at, hostPath, containerPath, permissions }: WantedDevice): Refusals => {
  if (!isAbsolute(hostPath))
    return [Issue('BadValue', at, hostPath, 'is no absolute path, and no CDI name such as "vendor.com/class=name"')]
  if (!isAbsolute(containerPath) || clean(containerPath) === '/')
    return [Issue('BadValue', at, containerPath, 'must be an absolute path in the container, and not its root')]
  const once = new Set(permissions)
  return /^[rwm]{1,3}$/.test(permissions) && once.size === permissions.length
    ? []
    : [Issue('BadValue', at, permissions, 'must be made of `r`, `w` and `m`, each once')]
}
