import * as E from 'fp-ts/Either'

import { Edits, NO_EDITS } from '../cdi/Edits'
import { editsOf } from '../cdi/editsOf'
import { clean, isWithin } from '../domain/path'
import { Facts } from '../facts/Facts'
import { Question } from '../facts/Question'
import { isInside } from '../wanted/allocationPaths'
import { bindPath } from '../wanted/bindPath'
import { devicePaths } from '../wanted/blockIO'
import { nomadMounts } from '../wanted/nomadMounts'
import { ownNetwork } from '../wanted/ownNetwork'
import { wantedCdi, wantedDevices } from '../wanted/wantedDevices'
import { wantedMounts } from '../wanted/wantedMounts'
import { shareFile } from './cpuShare'
import { isOwnImage, recordOf } from './ownImage'
import { placesOf } from './places'
import { Request } from './Request'

/** What has to be asked before this request can be resolved. The same request always asks the same. */
export const questionsOf = (request: Request): ReadonlyArray<Question> => {
  const { task, plugin, allocation } = request
  const share = shareFile(task.cpuset_cpus, allocation)
  return [
    { _tag: 'AskHost' },
    askImage(request, NO_EDITS),
    ...pathsOf(request).map((path) => askPath(request, path)),
    ...(task.init ? [{ _tag: 'AskPath', path: plugin.init_path, likely: 'file', below: '' } as const] : []),
    ...[...new Set(devicesOf(request))].map((path): Question => ({ _tag: 'AskDevice', path })),
    ...[...new Set(devicePaths(task))].map((path): Question => ({ _tag: 'AskBlockDevice', path })),
    ...(task.seccomp_profile === undefined ? [] : [{ _tag: 'AskFile', path: clean(task.seccomp_profile) } as const]),
    ...(share === undefined ? [] : [{ _tag: 'AskFile', path: share } as const]),
    ...(wantedCdi(task.devices).length === 0 ? [] : [{ _tag: 'AskCdi' } as const]),
    ...networkQuestions(request)
  ]
}

const networkQuestions = ({ task, allocation, plugin: { cni } }: Request): ReadonlyArray<Question> => {
  const own = ownNetwork(task, allocation)
  if (own === undefined) return []
  return [
    { _tag: 'AskNetwork', path: cni.path },
    ...(own._tag === 'Bridge' ? [] : [{ _tag: 'AskConflist', name: own.name, directory: cni.config_dir } as const])
  ]
}

const askImage = (request: Request, edits: Pick<Edits, 'mounts'>): Question => ({
  _tag: 'AskImage',
  name: imageName(request),
  ...(isOwnImage(request) ? { record: recordOf(request) } : {}),
  snapshotter: snapshotterOf(request),
  platform: request.task.platform ?? '',
  places: placesOf(request, edits)
})

/**
 * What the first answers make it necessary to ask: the devices that CDI files name and do not describe, and where in
 * the image they mount.
 */
export const moreQuestions = (request: Request, { cdi, devices }: Facts): ReadonlyArray<Question> => {
  const names = wantedCdi(request.task.devices).map(({ name }) => name)
  const edits = names.length === 0 ? undefined : editsOf(names, cdi ?? [])
  return edits === undefined || E.isLeft(edits)
    ? []
    : [
        ...edits.right.devices.flatMap(({ hostPath }): ReadonlyArray<Question> =>
          Object.hasOwn(devices, hostPath) ? [] : [{ _tag: 'AskDevice', path: hostPath }]
        ),
        ...(edits.right.mounts.length === 0 ? [] : [askImage(request, edits.right)])
      ]
}

const askPath = ({ allocation }: Request, path: string): Question =>
  ({ _tag: 'AskPath', path, likely: 'directory', below: isInside(allocation, path) ? clean(allocation.allocDir) : '' })

/** What is bound, by the job or by Nomad, and the directories that it has to stay in: they may be links themselves. */
const pathsOf = ({ task, allocation, policy }: Request): ReadonlyArray<string> => {
  const wanted = wantedMounts(task).flatMap((mount) => bindPath(allocation, mount) ?? [])
  const bound = [...nomadMounts(allocation).map(({ source }) => clean(source)), ...wanted]
  const around = [allocation.allocDir, ...policy.volumes.allowed_paths]
    .map(clean)
    .filter((dir) => bound.some((path) => isWithin(dir, path)))
  return [...new Set([...bound, ...around])]
}

/** A privileged task is given every device of the host. */
const devicesOf = ({ task, allocation }: Request): ReadonlyArray<string> => [
  ...allocation.devices.map(({ hostPath }) => hostPath),
  ...wantedDevices(task.devices).map(({ hostPath }) => hostPath),
  ...(task.privileged ? [ALL_DEVICES] : [])
]

/** The directory that holds every device of the host. */
export const ALL_DEVICES = '/dev'

export const snapshotterOf = ({ task, plugin }: Request): string => task.snapshotter ?? plugin.snapshotter

/** The full name under which containerd knows the image: `redis:7` is `docker.io/library/redis:7`. */
export const imageName = ({ task }: Request): string => task.image.value.name
