import { neutral, unknown } from '../diff/Change'
import { among } from './cpuset'
import { deviceRule } from './devices'
import { always, limit, limitFromZero, ofMember, risk, Rule, Rules, sameItems } from './Rule'

/** What a kernel setting by name does is not written here. */
export const KERNEL = always(unknown('what a kernel setting allows depends on the kernel'))

const WEIGHT = always(neutral('only a share among others', 'resources'))

const throttle = ['ReadBps', 'WriteBps', 'ReadIOPS', 'WriteIOPS'].flatMap(
  (way): ReadonlyArray<readonly [string, Rule]> => {
    const list = `spec/linux/resources/blockIO/throttle${way}Device`
    return [
      [`${list}/*`, ofMember('rate', limit('of a disk'))],
      [`${list}/*/rate`, limit('of a disk')],
      [list, sameItems('the limits')]
    ]
  }
)

/** What is known of `linux.resources` of a spec. */
export const resources: Rules = {
  'spec/linux/resources/unified/*': KERNEL,
  'spec/linux/resources/devices': deviceRule,
  'spec/linux/resources/devices/*': deviceRule,
  'spec/linux/resources/memory/limit': limit('memory'),
  'spec/linux/resources/memory/swap': limit('memory and swap'),
  'spec/linux/resources/memory/reservation': WEIGHT,
  'spec/linux/resources/memory/swappiness': WEIGHT,
  'spec/linux/resources/memory/disableOOMKiller': risk(
    'is never killed when memory is short',
    'is killed when memory is short'
  ),
  'spec/linux/resources/cpu/shares': WEIGHT,
  'spec/linux/resources/cpu/quota': limit('CPU time'),
  'spec/linux/resources/cpu/period': always(unknown('the quota is of another period', 'resources')),
  'spec/linux/resources/cpu/cpus': among('cores'),
  'spec/linux/resources/cpu/mems': among('memory nodes'),
  'spec/linux/resources/pids/limit': limit('processes'),
  'spec/linux/resources/blockIO/weight': WEIGHT,
  'spec/linux/resources/blockIO/weightDevice': sameItems('the weights'),
  'spec/linux/resources/blockIO/weightDevice/*': WEIGHT,
  'spec/linux/resources/blockIO/weightDevice/*/weight': WEIGHT,
  'spec/linux/resources/hugepageLimits': sameItems('the limits'),
  'spec/linux/resources/hugepageLimits/*': ofMember('limit', limitFromZero('huge pages')),
  'spec/linux/resources/hugepageLimits/*/limit': limitFromZero('huge pages'),
  ...Object.fromEntries(throttle)
}
