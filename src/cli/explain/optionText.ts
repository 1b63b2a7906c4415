import { DocumentPath, isIn, pathText, placeIn } from '../../core/domain/DocumentPath'
import { printable } from '../../core/domain/printable'
import { Absent, Written } from '../../core/field/Field'
import { Explained } from '../../core/provenance/Cause'
import { OptionInfo, optionNamed } from '../../core/provenance/OptionInfo'
import { textWithoutSpread } from '../../core/share/Spread'
import { Loaded } from '../load/Loaded'
import { spot } from '../output/taskNotes'

// A default that more options than these decide belongs to none of them.
const FEW = 3

/**
 * What people want to know of an option: what it is for, what it is set to and where, what it sets, and which policy
 * governs it.
 */
export const optionText = (task: Loaded, option: OptionInfo, parts: ReadonlyArray<Explained>): string => {
  const { about, aliases } = option.field
  const pointers = parts
    .filter(({ causes }) => causes.some(({ at, isDefault }) => isOf(at, option) && !(isDefault && causes.length > FEW)))
    .map(({ pointer }) => pointer)
  const sets = folded(pointers).map((line) => `    ${printable(line)}\n`)
  const possible = about.sets.length > 0 ? [`  can set: ${about.sets.join(', ')}\n`] : []
  return [
    `${pathText(option.at)}: ${about.text}\n`,
    ...(aliases.length === 0 ? [] : [`  also written: ${aliases.join(', ')}\n`]),
    `  ${settingText(task, option)}\n`,
    ...(sets.length > 0 ? ['  sets:\n', ...sets] : possible),
    ...(about.policy ?? [])
      .flatMap((policy) => optionNamed('plugin', policy, task.offline.documents) ?? [])
      .map((one) => `  governed by: ${settingText(task, one)}\n`),
    ...(about.since === undefined ? [] : [`  works from: ${about.since}\n`]),
    ...(about.example === undefined ? [] : [`  example: ${about.example}\n`])
  ].join('')
}

/** Many items of one list are told in one line. */
const folded = (pointers: ReadonlyArray<string>): ReadonlyArray<string> => {
  const parents = pointers.map((pointer) => pointer.slice(0, pointer.lastIndexOf('/')))
  const counts = new Map<string, number>()
  for (const parent of parents) counts.set(parent, (counts.get(parent) ?? 0) + 1)
  const lines = pointers.map((pointer, index) => {
    const [parent, count] = [parents[index] ?? '', counts.get(parents[index] ?? '') ?? 0]
    return /\/\d+$/.test(pointer) && count > FEW ? `${parent}/* (${String(count)})` : pointer
  })
  return [...new Set(lines)]
}

/** Whether a place lies in an option, under whichever of its names. */
const isOf = (at: DocumentPath, { at: { document, path }, field: { aliases } }: OptionInfo): boolean =>
  [...path.slice(-1), ...aliases].some((name) => isIn(placeIn(document, ...path.slice(0, -1), name), at))

/** What an option is set to, and where: a line of a file, or its default. */
export const settingText = (task: Loaded, { at: own, field, given }: OptionInfo): string => {
  if (given.length === 0) return `${pathText(own)} = ${absentText(task, field.absent)}`
  return given.map(([at, value]) => {
    const shown = isSecret(field) ? '(redacted)' : textWithoutSpread(JSON.stringify(value), task.offline.spread ?? {})
    return printable(`${pathText(at)} = ${shown} (${spot(task.placeOf(at))})`)
  }).join('; ')
}

const isSecret = ({ shape }: OptionInfo['field']): boolean =>
  shape._tag === 'Hidden' || ('fields' in shape && Object.values(shape.fields).some(isSecret))

const absentText = (task: Loaded, absent: Absent): string => {
  switch (absent._tag) {
    case 'Required':
      return 'not set, and required'
    case 'Optional':
      return 'not set'
    case 'Default':
      return `${written(absent.written)} (default)`
    case 'Hardening': {
      const given = optionNamed('plugin', 'hardened', task.offline.documents)?.given ?? []
      return given.some(([, value]) => value === true)
        ? `${written(absent.hardened)} (default, hardened)`
        : `${written(absent.usual)} (default)`
    }
  }
}

const written = (value: Written | undefined): string => (value === undefined ? 'none' : JSON.stringify(value))
