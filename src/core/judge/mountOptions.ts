import { Judged, tightens, unknown, weakens } from '../diff/Change'
import { Json, member } from '../domain/Json'
import { text, texts } from './Rule'

const optionsOf = (mount: Json | undefined): ReadonlyArray<string> => texts(mount, 'options')

/** Whether a mount shows a file or directory of the host. */
export const isBind = (mount: Json | undefined): boolean =>
  text(member(mount, 'type')) === 'bind' || optionsOf(mount).some((option) => option === 'bind' || option === 'rbind')

/** The later of two options that say opposite things counts, as it does for the runtime. */
const last = (mount: Json | undefined, words: ReadonlyArray<string>): string =>
  optionsOf(mount).findLast((option) => words.includes(option)) ?? ''

/** How much can be written: 0 nothing, 1 what is mounted in it only, 2 all. */
export const writableTo = (mount: Json | undefined): 0 | 1 | 2 => {
  if (last(mount, ['rro', 'rrw']) === 'rro') return 0
  return last(mount, ['ro', 'rw']) === 'ro' ? 1 : 2
}

/**
 * Options that take something away from whoever uses the mount, and what gives it back; with `r` before it for all that
 * is mounted in it.
 */
const GUARDS: ReadonlyArray<readonly [string, string]> = ['', 'r'].flatMap((all) =>
  [
    ['nosuid', 'suid'],
    ['nodev', 'dev'],
    ['noexec', 'exec'],
    ['nosymfollow', 'symfollow']
  ].map(([on = '', off = '']) => [`${all}${on}`, `${all}${off}`] as const)
)

const SPREAD: ReadonlyArray<string> = ['private', 'shared', 'slave', 'unbindable'].flatMap((word) => [word, `r${word}`])

const MEANT_ELSEWHERE = new Set(['ro', 'rro', 'rw', 'rrw', 'bind', 'rbind', ...GUARDS.flat(), ...SPREAD])
const HARMLESS = /^(?:mode=.*|(?:no|rel|strict|lazy)?(?:dir)?atime)$/
const AMOUNT = /^(?:size|nr_inodes|nr_blocks)=/

/** What other options of a mount mean. */
export const mountOptions = (before: Json | undefined, after: Json | undefined): ReadonlyArray<Judged> => [
  ...GUARDS.flatMap((pair) => guarded(pair, before, after)),
  ...spread(last(before, SPREAD), last(after, SPREAD)),
  ...depth(optionsOf(before).includes('rbind'), optionsOf(after).includes('rbind')),
  ...['size', 'nr_inodes', 'nr_blocks'].flatMap((name) => amount(name, before, after)),
  ...others(optionsOf(before), optionsOf(after)).map((option) => unknown(`${option} is gone`)),
  ...others(optionsOf(after), optionsOf(before)).map((option) => unknown(`${option} is new`)),
  ...odd(before, after)
]

const guarded = (
  [on, off]: readonly [string, string],
  before: Json | undefined,
  after: Json | undefined
): ReadonlyArray<Judged> => {
  const [was, is] = [last(before, [on, off]) === on, last(after, [on, off]) === on]
  return was === is ? [] : [is ? tightens(`${on} is new`) : weakens(`${on} is gone`)]
}

const spread = (was: string, is: string): ReadonlyArray<Judged> => {
  const [reached, reaches] = [was.includes('shared'), is.includes('shared')]
  if (was === is) return []
  if (reaches && !reached) return [weakens('its mounts reach the host')]
  if (reached && !reaches) return [tightens('its mounts reach the host no more')]
  return [unknown('how mounts spread is another')]
}

const depth = (was: boolean, is: boolean): ReadonlyArray<Judged> =>
  was === is ? [] : [is ? weakens('shows what is mounted in it') : tightens('shows what is mounted in it no more')]

const others = (options: ReadonlyArray<string>, known: ReadonlyArray<string>): ReadonlyArray<string> =>
  options.filter(
    (option) =>
      !known.includes(option) && !MEANT_ELSEWHERE.has(option) && !HARMLESS.test(option) && !AMOUNT.test(option)
  )

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }

/** An amount of tmpfs; zero is none, and undefined what is no number (`50%`, or no option: half of the memory). */
const parsed = (option: string | undefined): number | undefined => {
  const [, digits, unit = ''] = /^[a-z_]+=(\d+)([kmg]?)$/i.exec(option ?? '') ?? []
  const bytes = Number(digits) * (UNITS[unit.toLowerCase()] ?? NaN)
  if (digits === undefined) return undefined
  return bytes === 0 ? Infinity : bytes
}

const amount = (name: string, before: Json | undefined, after: Json | undefined): ReadonlyArray<Judged> => {
  const [was, is] = [before, after].map((mount) => optionsOf(mount).findLast((option) => option.startsWith(`${name}=`)))
  const [most, now] = [parsed(was), parsed(is)]
  if (was === is || (most !== undefined && most === now)) return []
  if (is === undefined) return [weakens(`${name} is not limited any more`)]
  if (was === undefined) return [now === Infinity ? weakens(`${name} is not limited`) : tightens(`${name} is limited`)]
  return most === undefined || now === undefined
    ? [unknown(`another ${name}`)]
    : [
        now > most
          ? weakens(`a higher ${name}`, now === Infinity ? 'isolation' : 'resources')
          : tightens(`a lower ${name}`, 'resources')
      ]
}

/** Options that are no list of texts are nothing that a runtime takes. */
const odd = (before: Json | undefined, after: Json | undefined): ReadonlyArray<Judged> => {
  const isOdd = [before, after].some((mount) => {
    const options = member(mount, 'options')
    return (
      options !== undefined
      && options !== null
      && (!Array.isArray(options) || options.length !== optionsOf(mount).length)
    )
  })
  return isOdd ? [unknown('options that are no list of texts')] : []
}
