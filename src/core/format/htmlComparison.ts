import { Verdict } from '../diff/Change'
import { linesOf } from '../diff/unifiedDiff'
import { compact } from '../domain/canonical'
import { Json } from '../domain/Json'
import { htmlDiff } from './htmlDiff'
import { Comparison, PlacedChange } from './Outcome'
import { clipped, counted, keyOf, placeOf, placeText } from './phrases'
import { sideBySide } from './sideBySide'
import { element, xmlText } from './xml'

const SIGNS: Readonly<Record<Verdict, string>> = { weakens: '▲', unknown: '?', neutral: '=', tightens: '▼' }

/** A verdict as a sign for the eye and a word for everybody. */
export const verdictMark = (verdict: Verdict): string =>
  `${element('span', { 'aria-hidden': 'true' }, SIGNS[verdict])}${verdict}`

/** A comparison as a section: its changes, then both documents beside each other. `id` is its anchor. */
export const htmlComparison = (comparison: Comparison, id: string): string => {
  const { name, changes, before, after } = comparison
  const heading = element('h2', { id: `${id}-name` }, element('a', { href: `#${id}` }, xmlText(name)))
  const count = element('p', { class: 'quiet' }, counted(changes.length, 'change'))
  const items = changes.map((change, index) => item(comparison, change, `${id}-${index + 1}`)).join('')
  const rows = sideBySide(linesOf(before.document, after.document))
  return `${element(
    'section',
    { id, 'aria-labelledby': `${id}-name` },
    `\n${heading}\n${count}\n${
      changes.length === 0 ? '' : `${element('ul', { class: 'list' }, `\n${items}`)}\n`
    }${htmlDiff(comparison, rows)}`
  )}\n`
}

const item = (comparison: Comparison, change: PlacedChange, id: string): string => {
  const key = element('p', { class: 'key' }, element('a', { href: `#${id}` }, code(keyOf(change))))
  const reason = element('p', {}, xmlText(change.reason) + origin(comparison, change))
  const content = element('div', {}, `${key}${what(change)}${reason}`)
  const mark = `${verdictMark(change.verdict)} ${element('span', { class: 'subject' }, change.subject)}`
  const badge = element('span', { class: 'badge' }, mark)
  return `${element('li', { id, class: `change ${change.verdict}` }, badge + content)}\n`
}

const code = (text: string): string => element('code', {}, xmlText(text))

const origin = (comparison: Comparison, change: PlacedChange): string => {
  const place = placeOf(comparison, change)
  const cause = change.cause === undefined ? '' : ` caused by ${code(change.cause)}`
  const where = place?.line === undefined ? '' : ` at ${code(placeText({ file: place.file, line: place.line }))}`
  return cause === '' && where === '' ? '' : element('span', { class: 'quiet' }, ` -${cause}${where}`)
}

const MAX_SHOWN = 400

const value = (name: 'del' | 'ins', json: Json | undefined): string =>
  element('code', {}, element(name, {}, xmlText(clipped(compact(json ?? null), MAX_SHOWN))))

const what = ({ kind, before, after }: PlacedChange): string => {
  switch (kind) {
    case 'added':
      return element('p', { class: 'what' }, `added ${value('ins', after)}`)
    case 'removed':
      return element('p', { class: 'what' }, `removed ${value('del', before)}`)
    case 'changed':
      return element('p', { class: 'what' }, `${value('del', before)} became ${value('ins', after)}`)
    case 'reordered':
      return element('p', { class: 'what' }, 'in another order')
  }
}
