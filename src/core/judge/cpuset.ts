import { neutral, tightens, unknown, weakens } from '../diff/Change'
import { Json } from '../domain/Json'
import { Rule } from './Rule'

/** A list of numbers such as `0-2,5`. Absent or empty, all that the cgroup above has. */
export const among =
  (what: string): Rule =>
  ({ before, after }) => {
    const [was, is] = [numbersOf(before), numbersOf(after)]
    if (was === undefined || is === undefined) return unknown(`it is no list of ${what}`)
    const [wider, narrower] = [isIn(was, is), isIn(is, was)]
    if (wider && narrower) return neutral(`the ${what} are the same`, 'resources')
    if (wider) return is === 'all' ? weakens(`it may use all ${what}`) : weakens(`it may use more ${what}`, 'resources')
    return narrower ? tightens(`it may use fewer ${what}`, 'resources') : neutral(`other ${what}`, 'resources')
  }

type Numbers = 'all' | ReadonlySet<number>

const isIn = (one: Numbers, other: Numbers): boolean =>
  other === 'all' || (one !== 'all' && [...one].every((number) => other.has(number)))

// More than any machine has.
const MOST = 65_536

const numbersOf = (value: Json | undefined): Numbers | undefined => {
  if (value === undefined || value === '') return 'all'
  if (typeof value !== 'string' || !/^\d{1,5}(?:-\d{1,5})?(?:,\d{1,5}(?:-\d{1,5})?)*$/.test(value)) return undefined
  const ranges = value
    .split(',')
    .map((part) => part.split('-').map(Number))
    .map(([first = 0, last = first]) => [first, last] as const)
  return ranges.some(([first, last]) => last < first || last >= MOST) || ranges.length > MOST
    ? undefined
    : new Set(ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index)))
}
