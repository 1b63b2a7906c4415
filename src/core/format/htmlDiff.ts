import { differing, Parts } from './differingParts'
import { Comparison } from './Outcome'
import { counted } from './phrases'
import { Numbered, Row, Rows } from './sideBySide'
import { element, xmlText } from './xml'

/**
 * Two documents beside each other as a table. A fold is a checkbox and the rows below it: it needs no script, and print
 * shows all.
 */
export const htmlDiff = ({ name, before, after }: Comparison, groups: ReadonlyArray<Rows>): string => {
  const columns = element('colgroup', {}, '<col/><col/><col/><col/>')
  const caption = element('caption', { class: 'hidden' }, `${xmlText(name)}, both documents line by line`)
  const labels = [before, after]
    .map(({ label }) => element('th', { scope: 'col', colspan: 2 }, xmlText(label)))
    .join('')
  const head = element('thead', {}, element('tr', {}, labels))
  return `${element('table', { class: 'diff' }, `${caption}${columns}${head}\n${groups.map(group).join('')}`)}\n`
}

const group = ({ _tag, rows }: Rows): string => {
  switch (_tag) {
    case 'Equal':
      return body(rows.map(equal))
    case 'Changed':
      return body(rows.map(changed))
    case 'Folded':
      return `${fold(rows.length)}${body(rows.map(equal))}`
  }
}

const body = (rows: ReadonlyArray<string>): string =>
  element('tbody', {}, `\n${rows.map((cells) => `<tr${cells}</tr>\n`).join('')}`)

const fold = (count: number): string => {
  const box = '<input type="checkbox" autocomplete="off"/>'
  const label = element('label', {}, `${box} show ${counted(count, 'equal line')}`)
  return element('tbody', { class: 'fold' }, element('tr', {}, element('td', { colspan: 4 }, label)))
}

const NOTHING = element('td', { class: 'none' }, '')

const number = (line: Numbered | undefined): string =>
  line === undefined ? NOTHING : element('td', {}, String(line.number))

const equal = ({ before, after }: Row): string =>
  `>${[before, after].map((line) => `${number(line)}${element('td', { class: 'same' }, xmlText(line?.text ?? ''))}`).join('')}`

const changed = ({ before, after }: Row): string => {
  const [old, fresh] =
    before === undefined || after === undefined ? [undefined, undefined] : differing(before.text, after.text)
  return ` class="changed">${number(before)}${cell('del', before, old)}${number(after)}${cell('ins', after, fresh)}`
}

const cell = (tag: 'del' | 'ins', line: Numbered | undefined, parts: Parts | undefined): string =>
  line === undefined
    ? NOTHING
    : element('td', {}, element(tag, {}, parts === undefined ? xmlText(line.text) : marked(tag, parts)))

/** The part of a line that differs is marked, unless that is most of it. */
const marked = (tag: 'del' | 'ins', [start, own, end]: Parts): string =>
  own === '' || (start + end).trim().length < own.length / 2
    ? xmlText(start + own + end)
    : `${xmlText(start)}${element('mark', { class: tag === 'del' ? 'gone' : 'come' }, xmlText(own))}${xmlText(end)}`
