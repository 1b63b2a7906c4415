import { Judged, kindOf, neutral, unknown, weakens } from '../diff/Change'
import { compact } from '../domain/canonical'
import { Json } from '../domain/Json'
import { beside } from './beside'
import { jobAccess } from './jobAccess'
import { jobNetwork } from './jobNetwork'
import { jobProgram } from './jobProgram'
import { linux } from './linux'
import { process } from './process'
import { resources } from './resources'
import { Case, Rule, Rules } from './Rule'
import { filter } from './seccomp'

/**
 * Every place that this program has a rule for. A place is its names joined by `/`; `*` stands for an item, or a name
 * that the job chose.
 */
export const RULES: Rules = {
  ...beside,
  ...jobNetwork,
  ...jobAccess,
  ...jobProgram,
  ...process,
  ...linux,
  ...resources,
  ...filter
}

const NONE: Rule = () => unknown('this program has no rule for it')

/** What a change means for the walls around the container, and why. */
export const judge = (change: Case): Judged => {
  const { place } = change
  if (isSpelledOtherwise(place)) return weakens('a runtime in Go reads this name as the same in small letters')
  const judged = place.endsWith('/*') ? ruleOf(place)(change) : withoutNull(change)
  return isByUnknown(change, judged) ? unknown(BY_UNKNOWN, judged.subject) : judged
}

const BY_UNKNOWN = 'only a client, a host or an image knows what it is'

/** Names of what is not known, on one side only: nothing of it is said to be harmless. */
const isByUnknown = ({ before, after }: Case, { verdict, subject }: Judged): boolean => {
  if (subject === 'program' || verdict === 'weakens' || verdict === 'unknown') return false
  const [was, is] = [namesIn(before), namesIn(after)]
  return was.join(' ') !== is.join(' ')
}

const NAME = /\$\{[^}"]*\}/g

const namesIn = (side: Json | undefined): ReadonlyArray<string> =>
  side === undefined ? [] : (compact(side).match(NAME) ?? [])

/** null is as good as absent to a runtime. */
const withoutNull = (change: Case): Judged => {
  const [before, after] = [present(change.before), present(change.after)]
  const kind = change.kind === 'reordered' ? 'reordered' : kindOf(before, after)
  return before === undefined && after === undefined
    ? neutral('null is as good as absent')
    : ruleOf(change.place)({ ...change, kind, before, after })
}

const present = (side: Json | undefined): Json | undefined => (side === null ? undefined : side)

const LOWER: ReadonlySet<string> = new Set(
  Object.keys(RULES)
    .filter((place) => place.startsWith('spec/'))
    .map((place) => place.toLowerCase())
)

const isSpelledOtherwise = (place: string): boolean =>
  place.startsWith('spec/') && !Object.hasOwn(RULES, place) && LOWER.has(place.toLowerCase())

/**
 * The rule of the place itself, else of what it is in. An attribute of a job that is not known has none: only a rule
 * that says so (`…/**`) is for all that is in a place.
 */
const ruleOf = (place: string): Rule => (place.startsWith('job/') ? jobRule(place) : specRule(place))

const specRule = (place: string): Rule => {
  const end = place.lastIndexOf('/')
  if (Object.hasOwn(RULES, place)) return RULES[place] ?? NONE
  return end < 0 ? NONE : specRule(place.slice(0, end))
}

const jobRule = (place: string): Rule => {
  if (Object.hasOwn(RULES, place)) return RULES[place] ?? NONE
  const parts = place.split('/')
  const around = parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/')}/**`)
  const found = around.find((one) => Object.hasOwn(RULES, one))
  return found === undefined ? NONE : (RULES[found] ?? NONE)
}
