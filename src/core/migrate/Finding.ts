import * as NEA from 'fp-ts/NonEmptyArray'

import { Tag, Verdict } from './rows/Verdict'

/** What is told of one option: `mount.source`, what became of it, and why. It holds no value that could be a secret. */
export interface Finding {
  readonly option: string
  readonly tag: Tag
  readonly text: string
}

/** What an option gave: the changes of the source, and what is told of them. */
export interface Outcome<E> {
  readonly edits: ReadonlyArray<E>
  readonly findings: ReadonlyArray<Finding>
}

/** The finding of a verdict. */
export const findingOf = (option: string, verdict: Verdict): Finding => ({
  option,
  tag: verdict._tag,
  text: textOf(verdict)
})

const textOf = (verdict: Verdict): string => {
  switch (verdict._tag) {
    case 'Equal':
      return ''
    case 'Renamed':
      return `is \`${verdict.to}\` here`
    case 'Converted':
    case 'Differs':
      return verdict.how
    case 'Missing':
      return verdict.why
  }
}

/** Whether a task with this finding runs as it did: what is renamed or said in other words has the same meaning. */
export const isSame = ({ tag }: Finding): boolean => tag !== 'Differs' && tag !== 'Missing'

const FROM_BEST: ReadonlyArray<Tag> = ['Equal', 'Renamed', 'Converted', 'Differs', 'Missing']

/** One finding for every option, in the order in which they come first: the worst of its blocks, with all that is told. */
export const byOption = (findings: ReadonlyArray<Finding>): ReadonlyArray<Finding> =>
  Object.values(NEA.groupBy(({ option }: Finding) => `@${withoutIndexes(option)}`)([...findings])).map(together)

const withoutIndexes = (option: string): string => option.replaceAll(/\[\d+\]/g, '')

const together = (all: NEA.NonEmptyArray<Finding>): Finding => ({
  option: withoutIndexes(NEA.head(all).option),
  tag: FROM_BEST[Math.max(...all.map(({ tag }) => FROM_BEST.indexOf(tag)))] ?? 'Equal',
  text: [...new Set(all.map(({ text }) => text).filter((text) => text !== ''))].join('; ')
})
