import * as E from 'fp-ts/Either'

import { Compiled } from '../../../core/compile/Compiled'
import { IgnoreRule } from '../../../core/diff/Ignore'
import { fits } from '../../../core/domain/gaps'
import { Json, toJson } from '../../../core/domain/Json'
import { Outcome } from '../../../core/format/Outcome'
import { Live } from '../../../core/live/Live'
import * as explain from '../../../core/report/explain'
import { comparisonOf } from '../../comparison/comparisonOf'
import { readIgnore } from '../../comparison/readIgnore'
import { unusedRules } from '../../comparison/unusedRules'
import type { DiffOptions } from '../../diff/diff'
import { disk } from '../../load/Files'
import { factsFor, surroundings } from '../../load/Surroundings'
import { Output, refused } from '../../output/Output'
import { outputOf } from '../../output/outputOf'
import { LiveSides, liveSides } from './liveSides'

declare const __VERSION__: string

/** `diff --live`: what runs now, as containerd has it, against what the job would make of it. Reads only. */
export const liveDiffCommand = async (
  wanted: string,
  inputs: ReadonlyArray<string>,
  options: DiffOptions
): Promise<Output> => {
  const [input, ...more] = inputs
  if (input === undefined || more.length > 0)
    return refused(`diff --live: needs one job, and was given ${String(inputs.length)}\n`)
  const rules = readIgnore(options.ignore)
  const around = surroundings(options)
  if (E.isLeft(rules)) return refused(rules.left)
  if (E.isLeft(around)) return refused(around.left)
  const sides = await liveSides(wanted, input, options, (task) => factsFor(around.right, task))
  if (E.isLeft(sides)) return refused(sides.left)
  const outcome = outcomeOf(sides.right, input, rules.right, options)
  return outputOf(outcome, [], options, sides.right.notices.map((notice) => `${explain.notice(notice)}\n`).join(''))
}

const outcomeOf = (
  { live, compiled, task, spread }: LiveSides,
  input: string,
  ignore: ReadonlyArray<IgnoreRule>,
  options: DiffOptions
): Outcome => {
  const name = `${live.container.id} ${input}`
  const sides = {
    name,
    task,
    labels: [`${live.container.id} as it runs`, disk.label(input)],
    before: { document: running(live), loaded: undefined, spread },
    after: { document: asked(compiled, live), loaded: undefined, spread }
  } as const
  const { comparison, used } = comparisonOf(sides, { shown: options.showEnv ?? [], ignore })
  return {
    command: 'diff',
    version: __VERSION__,
    comparisons: comparison === undefined ? [] : [comparison],
    findings: unusedRules(ignore, new Set(used), options.ignore),
    looked: [name]
  }
}

/** What containerd keeps of a container, as a document; the files that the driver made stand as it would make them. */
const running = ({ spec, container, io, files, pins }: Live): Json =>
  toJson({
    version: 1,
    spec,
    container,
    ...(io === undefined ? {} : { io }),
    mounts: [...madeFiles(Object.entries(files)), ...pinned(Object.entries(pins))]
  })

/** In which order they were made is not known of what runs. */
const madeFiles = (files: ReadonlyArray<readonly [string, string]>): ReadonlyArray<object> =>
  [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => ({ _tag: 'File', path, text }))

const pinned = (pins: ReadonlyArray<readonly [string, string]>): ReadonlyArray<object> =>
  pins.map(([path, source]) => ({ _tag: 'Pin', path, source }))

/** The same parts of what the job comes to. */
const asked = ({ spec, container, io, mounts }: Compiled, live: Live): Json => {
  const { chainId, digest, name } = container.image
  const known = live.container.image
  return toJson({
    version: 1,
    spec,
    container: {
      ...container,
      image: {
        name,
        ...(known.digest === undefined ? {} : { digest }),
        ...(known.chainId === undefined ? {} : { chainId })
      }
    },
    ...(live.io === undefined ? {} : { io }),
    mounts: [
      ...madeFiles(mounts.flatMap((thing) =>
        thing._tag === 'File' ? [[thing.path, madeText(thing, live)] as const] : [])),
      ...pinned(mounts.flatMap((thing) => (thing._tag === 'Pin' ? [[thing.path, thing.source] as const] : [])))
    ]
  })
}

/** A text of which the network told a part when it was joined stands as it was written, if it may have come to that. */
const madeText = (
  { path, text, from }: Extract<Compiled['mounts'][number], { readonly _tag: 'File' }>, { files }: Live
): string => {
  const there = files[path]
  return from !== undefined && there !== undefined && fits(text, there) ? there : text
}
