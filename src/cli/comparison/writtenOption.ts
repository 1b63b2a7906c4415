import { Change } from '../../core/diff/Change'
import { member } from '../../core/domain/Json'

/**
 * The option that a change names itself: that of an issue, or the attribute of the job. Undefined where the option has
 * to be found by compiling without it; none for what is not there on the side that is asked.
 */
export const optionSaid = ({ key, before, after }: Change): ReadonlyArray<string> | undefined => {
  if (key.startsWith('/issues/') || key.startsWith('/left/')) {
    const at = member(after ?? before, 'at') ?? member(after ?? before, 'option')
    return typeof at === 'string' ? [at] : []
  }
  return key.startsWith('/job/') ? [attributeOf(key)] : undefined
}

/** Blocks whose items have names that are no labels: the block is what people wrote. */
const BY_VALUE = ['volume_mount', 'template', 'artifact', 'service', 'identity']

/** `/job/group/network/port/ssh` as `network.port.ssh`. */
const attributeOf = (key: string): string => {
  const [, , owner = '', ...steps] = key.split('/')
  const [block = '', ...rest] = steps
  if (owner === 'job' || BY_VALUE.includes(block)) return block
  return [block, ...rest].map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')).join('.')
}

const OF_RESOURCES: ReadonlyArray<readonly [RegExp, string]> = [
  [/\/memory/, 'resources.memory'],
  [/\/cpu\/(?:cpus|mems)|cgroupsPath/, 'resources.cores'],
  [/\/cpu\//, 'resources.cpu'],
  [/\/ports/, 'network.port']
]

/** What Nomad makes of a job has names of its own: the option is the one that people wrote. */
export const writtenAs = (at: string, key: string): string => {
  if (at.startsWith('allocation.resources'))
    return OF_RESOURCES.find(([place]) => place.test(key))?.[1] ?? 'resources'
  if (at.startsWith('allocation.dns')) return 'network.dns'
  if (at.startsWith('allocation.networkIsolationSpec')) return 'network'
  if (at.startsWith('allocation.mounts')) return 'volume_mount'
  return at.replace(/^allocation\.(?=(?:env|user)(?:[.[]|$))/, '')
}
