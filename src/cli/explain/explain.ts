import * as E from 'fp-ts/Either'

import { compact } from '../../core/domain/canonical'
import { Issue } from '../../core/domain/Issue'
import { Json } from '../../core/domain/Json'
import { printable } from '../../core/domain/printable'
import { nearest } from '../../core/field/nearest'
import { documentOf, translateOffline } from '../../core/offline'
import { Explained } from '../../core/provenance/Cause'
import { causesOfParts, isWithin } from '../../core/provenance/causes'
import { nearestOption, optionNamed, optionsNamed } from '../../core/provenance/OptionInfo'
import { redact } from '../../core/share/redact'
import { Loaded, LoadOptions } from '../load/Loaded'
import { oneTask } from '../load/tasksOf'
import { ok, Output, refused } from '../output/Output'
import { issueLine } from '../output/taskNotes'
import { causeText } from './causeLines'
import { JOB_PARTS, jobPartNamed, jobPartText, partsOfJobPart } from './jobPart'
import { optionText, settingText } from './optionText'

export interface ExplainOptions extends LoadOptions {
  readonly showEnv?: ReadonlyArray<string>
}

/**
 * `explain`: from a part of the outcome (a JSON pointer) back to what caused it, or from an option to what it sets. Of
 * a task that is refused, each refusal with the operator's option that refuses, its value and where that is set.
 */
export const explainCommand = async (
  file: string,
  what: string | undefined,
  options: ExplainOptions
): Promise<Output> => {
  const task = await oneTask(file, options)
  if (E.isLeft(task)) return refused(task.left)
  const option = what === undefined || what.startsWith('/') ? [] : optionsNamed(what, task.right.offline.documents)
  const part = what === undefined || option.length > 0 ? undefined : jobPartNamed(what)
  if (what !== undefined && !what.startsWith('/') && option.length === 0 && part === undefined)
    return unknownOption(what)
  const about = part === undefined ? '' : jobPartText(task.right, what ?? '', part)
  const translated = translateOffline(task.right.offline)
  const whyNot = E.isLeft(translated.outcome)
    ? translated.outcome.left.map((issue) => refusalText(task.right, issue)).join('\n')
    : ''
  if (E.isLeft(translated.outcome))
    return ok(option.map((one) => `${optionText(task.right, one, [])}\n`).join('') + about + whyNot)
  const document = documentOf(translated)
  const parts = causesOfParts(
    task.right.offline,
    document,
    redact(document, options.showEnv ?? [], task.right.offline.spread)
  )
  if (part !== undefined) return ok(about + partsText(task.right, partsOfJobPart(parts, part)))
  if (option.length > 0) return ok(option.map((one) => optionText(task.right, one, parts)).join('\n'))
  return what === undefined ? ok(partsText(task.right, parts)) : ofPointer(task.right, what, parts)
}

const unknownOption = (name: string): Output => {
  const meant = nearestOption(name) ?? nearest(name, JOB_PARTS)
  return refused(
    `${printable(name)}: is no option of a task or of the plugin, and no JSON pointer${meant === undefined ? '' : `; did you mean "${meant}"?`}\n`
  )
}

const ofPointer = (task: Loaded, pointer: string, parts: ReadonlyArray<Explained>): Output => {
  const wanted = pointer === '/' ? '' : pointer.replace(/\/$/, '')
  // What `compile` prints is the spec alone, without what stands beside it.
  const found = [wanted, `/spec${wanted}`].map((place) => partsAt(parts, place)).find(({ length }) => length > 0) ?? []
  if (found.length > 0) return ok(partsText(task, found))
  const meant = nearest(
    wanted,
    parts.flatMap((part) => [part.pointer, part.key])
  )
  return refused(
    `${printable(pointer)}: is no place of the outcome${meant === undefined ? '; `explain JOB` lists all' : `; did you mean ${meant}?`}\n`
  )
}

const partsAt = (parts: ReadonlyArray<Explained>, wanted: string): ReadonlyArray<Explained> =>
  parts.filter((part) => [part.pointer, part.key].some((place) => isWithin(wanted, place) || isWithin(place, wanted)))

const partsText = (task: Loaded, parts: ReadonlyArray<Explained>): string =>
  parts.map((part) => `${printable(part.pointer)} = ${shortened(part.value)}\n    ${causeText(task, part)}\n`).join('')

const MOST = 100

const shortened = (value: Json): string => {
  const text = compact(value)
  return printable(text.length > MOST ? `${text.slice(0, MOST)}…` : text)
}

/** A refusal, and the option of the operator's that made it. */
const refusalText = (task: Loaded, issue: Issue): string => {
  const { policy } = issue
  const setting = policy === undefined ? undefined : optionNamed('plugin', policy, task.offline.documents)
  return `${issueLine(task, issue)}\n${setting === undefined ? '' : `    ${settingText(task, setting)}\n`}`
}

