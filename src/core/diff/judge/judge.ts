import { Judged, unknown } from '../Change'
import { beside } from './beside'
import { linux } from './linux'
import { mount } from './mounts'
import { process } from './process'
import { Case, Rule, Rules } from './Rule'
import { filter } from './seccomp'

const RULES: Rules = { ...beside, ...process, ...linux, ...filter, 'spec/mounts': mount, 'spec/mounts/*': mount }

const NONE: Rule = () => unknown('this program has no rule for it')

/** What a change means for the walls around the container, and why. */
export const judge = (change: Case): Judged => ruleOf(change.place)(change)

/** The rule of the place itself, else of what it is in. */
const ruleOf = (place: string): Rule => {
  const end = place.lastIndexOf('/')
  return Object.hasOwn(RULES, place) ? (RULES[place] ?? NONE) : end < 0 ? NONE : ruleOf(place.slice(0, end))
}
