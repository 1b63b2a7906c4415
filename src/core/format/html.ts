import { htmlComparison, verdictMark } from './htmlComparison'
import { htmlPage } from './htmlPage'
import { VERDICTS } from './names'
import { Comparison, Finding, Outcome } from './Outcome'
import { counted, placeText, subjectOf, verdictOf } from './phrases'
import { countOf, tally } from './tally'
import { element, xmlText } from './xml'

/**
 * For a browser: one file with a summary, a filter by verdict, the changes with their reasons, and both documents
 * beside each other.
 */
export const html = (outcome: Outcome): string => {
  const { command, comparisons, findings } = outcome
  const title = `containerd-driver ${command}`
  const sections = comparisons.map((comparison, index) => htmlComparison(comparison, anchor(index))).join('')
  const head = element('header', { class: 'top' }, `\n${summary(outcome, title)}`)
  const body = `${head}\n${element('main', {}, `\n${ofFindings(findings)}${sections}`)}\n`
  return htmlPage(`${title}: ${tally(outcome) || 'nothing found'}`, body, comparisons.length > 0)
}

const anchor = (index: number): string => `c${index + 1}`

const summary = (outcome: Outcome, title: string): string =>
  [
    element('h1', {}, xmlText(title)),
    element('p', {}, tally(outcome) || 'Nothing was found.'),
    element(
      'p',
      { class: 'quiet' },
      `${counted(outcome.looked.length, 'input')} looked at; version ${xmlText(outcome.version)}`
    ),
    ...(outcome.comparisons.length === 0 ? [] : [filter(outcome)]),
    ...(outcome.comparisons.length < 2 ? [] : [index(outcome.comparisons)])
  ]
    .map((part) => `${part}\n`)
    .join('')

/** The state of the boxes is read by the style sheet; the script only counts. */
const filter = (outcome: Outcome): string => {
  const boxes = VERDICTS.map((verdict) => {
    const box = `<input type="checkbox" id="show-${verdict}" value="${verdict}" checked="" autocomplete="off"/>`
    return element('label', { class: `badge ${verdict}` }, `${box}${verdictMark(verdict)} ${countOf(outcome, verdict)}`)
  })
  const button = element('button', { id: 'unfold', type: 'button', hidden: '' }, 'Show all equal lines')
  const tools = element(
    'span',
    { class: 'tools' },
    `${button} ${element('span', { id: 'shown', class: 'quiet', role: 'status' }, '')}`
  )
  return element('fieldset', { class: 'filter' }, `${element('legend', {}, 'Show changes:')}${boxes.join('')}${tools}`)
}

const index = (comparisons: ReadonlyArray<Comparison>): string => {
  const items = comparisons.map((comparison, place) => {
    const link = element('a', { href: `#${anchor(place)}` }, xmlText(comparison.name))
    return element('li', {}, `${link} ${element('span', { class: 'quiet' }, verdictOf(comparison))}`)
  })
  return element('nav', { 'aria-label': 'Comparisons' }, element('ul', { class: 'index' }, items.join('')))
}

const ofFindings = (findings: ReadonlyArray<Finding>): string => {
  if (findings.length === 0) return ''
  const heading = element('h2', { id: 'findings-name' }, 'Findings')
  const items = findings.map((finding, place) => item(finding, `f${place + 1}`)).join('')
  const list = element('ul', { class: 'list' }, `\n${items}`)
  return `${element('section', { id: 'findings', 'aria-labelledby': 'findings-name' }, `\n${heading}\n${list}`)}\n`
}

const item = (finding: Finding, id: string): string => {
  const { level, rule, place, message, task } = finding
  const where =
    place?.line === undefined ? subjectOf(finding) : `${placeText(place)}${task === undefined ? '' : ` ${task}`}`
  const key =
    where === undefined
      ? ''
      : element('p', { class: 'key' }, element('a', { href: `#${id}` }, element('code', {}, xmlText(where))))
  const text = element('p', {}, `${xmlText(message)} ${element('span', { class: 'quiet' }, xmlText(rule))}`)
  const badge = element('span', { class: 'badge' }, level)
  return `${element('li', { id, class: `finding ${level}` }, badge + element('div', {}, key + text))}\n`
}
