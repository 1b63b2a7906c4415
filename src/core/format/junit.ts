import * as NEA from 'fp-ts/NonEmptyArray'

import { Comparison, Finding, Outcome } from './Outcome'
import { counted, placeOf, placeText, sentenceOf, subjectOf, verdictOf } from './phrases'
import { filesOf, Subject, subjectIn } from './Subject'
import { attributes, element, xmlLines } from './xml'

/**
 * For the test page of a CI service: a suite for each file, a case for each task that was looked at. No times: none
 * were taken.
 */
export const junit = (outcome: Outcome): string => {
  const cases = casesOf(outcome)
  const files = unique(cases.map(({ file }) => file))
  const inFile = grouped(cases, ({ file }) => file)
  const suites = files.map((file) => suite(file, inFile.get(file) ?? []))
  const head = attributes({ name: `containerd-driver ${outcome.command}`, ...counts(cases) })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n${suites.join('')}</testsuites>\n`
}

/** Something that was looked at, and what was found there. */
interface Case extends Subject {
  readonly failures: ReadonlyArray<Failure>
  readonly notes: ReadonlyArray<string>
}

interface Failure {
  readonly type: string
  readonly message: string
  readonly details: ReadonlyArray<string>
}

const unique = (names: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(names)]

const casesOf = (outcome: Outcome): ReadonlyArray<Case> => {
  const { command, looked, comparisons, findings } = outcome
  const known = new Set(looked)
  const found = grouped(findings, (finding) => caseOf(known, finding) ?? command)
  const compared = grouped(comparisons, ({ name }) => name)
  const files = filesOf(outcome)
  return unique([...looked, ...compared.keys(), ...found.keys()]).map((name) => ({
    ...subjectIn(files, name),
    failures: [
      ...(compared.get(name) ?? []).map(difference),
      ...(found.get(name) ?? []).filter(({ level }) => level !== 'note').map(mistake)
    ],
    notes: (found.get(name) ?? []).filter(({ level }) => level === 'note').map(located)
  }))
}

// A key of its own kind: no name is a number, or __proto__.
const grouped = <A,>(items: ReadonlyArray<A>, nameOf: (item: A) => string): ReadonlyMap<string, ReadonlyArray<A>> =>
  new Map(
    Object.entries(NEA.groupBy((item: A) => `=${nameOf(item)}`)([...items])).map(([key, group]) => [
      key.slice(1),
      group
    ])
  )

/** The case of a finding: what it names, or else the only one of its task. A golden document has a file of its own. */
const caseOf = (looked: ReadonlySet<string>, finding: Finding): string | undefined => {
  const name = subjectOf(finding)
  if (name === undefined || looked.has(name)) return name
  const [only, ...others] = [...looked].filter((one) => finding.task !== undefined && one.endsWith(` ${finding.task}`))
  return others.length === 0 ? (only ?? name) : name
}

const difference = (comparison: Comparison): Failure => ({
  type: verdictOf(comparison),
  message: `${counted(comparison.changes.length, 'change')}, ${verdictOf(comparison)}`,
  details: comparison.changes.map((change) => {
    const place = placeOf(comparison, change)
    const verdict = `${change.verdict} (${change.subject})`
    return `${verdict}: ${sentenceOf(change)}${place?.line === undefined ? '' : ` (${placeText(place)})`}`
  })
})

const located = ({ place, message }: Finding): string =>
  `${place === undefined ? '' : `${placeText(place)}: `}${message}`

const mistake = (finding: Finding): Failure => ({
  type: finding.rule,
  message: finding.message,
  details: [located(finding)]
})

const counts = (cases: ReadonlyArray<Case>): Readonly<Record<string, number>> =>
  ({ tests: cases.length, failures: cases.filter(({ failures }) => failures.length > 0).length, errors: 0, skipped: 0 })

const suite = (file: string, cases: ReadonlyArray<Case>): string =>
  `  <testsuite${attributes({ name: file, ...counts(cases) })}>\n${cases.map(testcase).join('')}  </testsuite>\n`

const testcase = ({ file, task, failures, notes }: Case): string => {
  const content = [...failureOf(failures), ...(notes.length === 0 ? [] : [element('system-out', {}, body(notes))])]
  const head = attributes({ name: task, classname: file })
  return content.length === 0
    ? `    <testcase${head}/>\n`
    : `    <testcase${head}>\n${content.map((one) => `      ${one}\n`).join('')}    </testcase>\n`
}

/** Most readers show the first failure of a case only: all of them are one. */
const failureOf = (failures: ReadonlyArray<Failure>): ReadonlyArray<string> => {
  const [first] = failures
  return first === undefined ? [] : [element('failure', {
    type: first.type, message: failures.map(({ message }) => message).join('; ')
  }, body(failures.flatMap(({ details }) => details)))]
}

const body = (lines: ReadonlyArray<string>): string =>
  xmlLines(lines.map((line) => line.replaceAll('\n', ' ')).join('\n'))
