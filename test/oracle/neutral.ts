import { ImageConfig } from '../../src/core/image/ImageConfig'
import { Given } from './given'
import { Devices, devicesOf } from './neutralDevices'
import { Places, placesOf } from './neutralMounts'
import { Resources, resourcesOf } from './neutralResources'
import { Rights, rightsOf } from './neutralRights'
import { flag, list, map, number, text } from './said'

/** What a user of containerd's Go client would say of a task (task.go): the words of its documents, in containerd's places. */
export interface Neutral extends Process, Rights, Places, Devices {
  readonly id: string
  readonly namespace: string
  readonly resources: Resources
  readonly sysctl: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export const neutralOf = (given: Given): Neutral => ({
  id: given.id,
  namespace: text(given.plugin, 'namespace') ?? 'nomad',
  ...processOf(given),
  ...rightsOf(given),
  ...placesOf(given),
  ...devicesOf(given),
  resources: resourcesOf(given),
  sysctl: map(given.task, 'sysctl'),
  annotations: map(given.task, 'annotations')
})

interface Process {
  readonly image: unknown
  readonly passwd: string
  readonly group: string
  readonly entrypoint: ReadonlyArray<string> | null
  readonly args: ReadonlyArray<string>
  readonly init: boolean
  readonly env: ReadonlyArray<string>
  readonly cwd: string
  readonly terminal: boolean
  readonly user: string
  readonly groups: ReadonlyArray<string>
  readonly umask: string
  readonly ulimits: ReadonlyArray<string>
  readonly oomScoreAdj: number | null
  readonly hostname: string
  readonly domainname: string
}

const processOf = ({ task, plugin, allocation, image }: Given): Process => {
  const command = text(task, 'command')
  const entrypoint = list(task, 'entrypoint') ?? []
  return {
    // containerd looks the image's user up even where the task has another one, and fails when it is not there.
    image: documentOf(text(allocation, 'user') === undefined || text(allocation, 'user') === '' ? image.config : { ...image.config, user: '' }), passwd: image.passwd, group: image.group,
    entrypoint: entrypoint.length > 0 ? entrypoint : null,
    args: [...(command === undefined ? [] : [command]), ...(list(task, 'args') ?? [])],
    init: flag(task, 'init') ?? false,
    env: Object.entries(map(allocation, 'env')).map(([name, value]) => `${name}=${value}`),
    cwd: text(task, 'cwd') ?? '',
    terminal: flag(task, 'tty') ?? false,
    user: text(allocation, 'user') ?? '',
    groups: list(task, 'group_add') ?? [],
    umask: text(task, 'umask') ?? '',
    ulimits: [...ulimits(map(plugin, 'default_ulimit')), ...ulimits(map(task, 'ulimit'))],
    oomScoreAdj: number(task, 'oom_score_adj') ?? number(plugin, 'oom_score_adj') ?? 0,
    hostname: text(task, 'hostname') ?? '',
    domainname: text(task, 'domainname') ?? ''
  }
}

const documentOf = ({ architecture, env, user, cwd, entrypoint, cmd, stopSignal }: ImageConfig): unknown => ({
  architecture, os: 'linux', config: { Env: env, User: user, WorkingDir: cwd, Entrypoint: entrypoint, Cmd: cmd, StopSignal: stopSignal }
})

const ulimits = (limits: Readonly<Record<string, string>>): ReadonlyArray<string> =>
  Object.entries(limits).map(([name, value]) => `${name.toLowerCase().replace('rlimit_', '')}=${value}`)
