import { Subject } from '../diff/Change'
import { sha256Hex } from '../domain/digest'
import { inert } from './inert'
import { jsonText } from './json'
import { Comparison, FilePlace, Finding, Outcome, PlacedChange } from './Outcome'
import { placeOf, sentenceOf } from './phrases'
import { uriOf } from './repoPath'
import { Rule, rulesOf, SarifLevel, VERDICT_LEVELS } from './sarifRules'
import { filesOf, subjectIn } from './Subject'

/** For code scanning: SARIF 2.1.0, a result for each change and finding. */
export const sarif = (outcome: Outcome): string => {
  const { version, comparisons, findings } = outcome
  const files = filesOf(outcome)
  const results = [
    ...findings.map((finding) => ofFinding(outcome, files, finding)),
    ...comparisons.flatMap((comparison) => comparison.changes.map((change) => ofChange(files, comparison, change)))
  ]
  const rules = rulesOf(findings.map(({ rule }) => rule))
  const indexes = new Map(rules.map(({ id }, index) => [id, index]))
  return jsonText({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'containerd-driver', version: inert(version), rules: rules.map(ruleObject) } },
      columnKind: 'unicodeCodePoints',
      results: results.map((result) => resultObject(result, indexes.get(result.rule) ?? 0))
    }]
  })
}

type Files = ReturnType<typeof filesOf>

interface Result {
  readonly rule: string
  readonly level: SarifLevel
  readonly message: string
  /** GitHub refuses a whole log of which one result has no file. */
  readonly place: FilePlace
  readonly task: string | undefined
  readonly key: string | undefined
  readonly subject: Subject | undefined
  /** What makes it the same result in the next run: no line, which moves. */
  readonly identity: ReadonlyArray<string>
}

const ofFinding = (outcome: Outcome, files: Files, { rule, level, message, place, task }: Finding): Result => ({
  rule,
  level,
  message,
  place: place ?? { file: fileFor(outcome, files, task) },
  task,
  key: undefined,
  subject: undefined,
  identity: [rule, place?.file ?? '', task ?? '', message]
})

/** The file of a finding that names none: that of its task, or else the first that was looked at. */
const fileFor = (outcome: Outcome, files: Files, task: string | undefined): string => {
  const { looked } = outcome
  const name = looked.find((one) => task !== undefined && one.endsWith(` ${task}`)) ?? looked[0]
  return name === undefined ? outcome.command : subjectIn(files, name).file
}

const ofChange = (files: Files, comparison: Comparison, change: PlacedChange): Result => ({
  rule: change.verdict,
  level: VERDICT_LEVELS[change.verdict],
  message: `${change.subject}: ${sentenceOf(change)}`,
  place: placeOf(comparison, change) ?? { file: subjectIn(files, comparison.after.label).file },
  task: comparison.name,
  key: change.key,
  subject: change.subject,
  identity: [change.verdict, comparison.name, change.key]
})

const ruleObject = ({ id, level, short, help }: Rule): unknown => ({
  id: inert(id),
  shortDescription: { text: inert(short) },
  fullDescription: { text: inert(`${short}.`) },
  help: { text: help },
  defaultConfiguration: { level }
})

const resultObject = (result: Result, ruleIndex: number): unknown => {
  const { rule, level, message, place, task, key, subject, identity } = result
  const print = sha256Hex(JSON.stringify(identity))
  const logical = [...(task === undefined ? [] : [logicalTask(task)]), ...(key === undefined ? [] : [logicalKey(key)])]
  return {
    ruleId: inert(rule),
    ruleIndex,
    level,
    message: { text: unlinked(inert(message)) },
    ...(subject === undefined ? {} : { properties: { subject, tags: [subject] } }),
    locations: [{ physicalLocation: physical(place), ...(logical.length === 0 ? {} : { logicalLocations: logical }) }],
    // GitHub follows a result by the second name only, and would take the text of the line without it: one line can
    // cause many changes.
    partialFingerprints: { 'containerd-driver/v1': print, primaryLocationLineHash: `${print}:1` }
  }
}

/** A message of SARIF may hold links, `[text](target)`: a job must not be able to place one. */
const unlinked = (text: string): string => text.replaceAll('](', '] (')

const logicalTask = (task: string): unknown => ({ fullyQualifiedName: inert(task), kind: 'module' })

const logicalKey = (key: string): unknown => ({ fullyQualifiedName: inert(key), kind: 'property' })

const physical = ({ file, line, column }: FilePlace): unknown => ({
  artifactLocation: { uri: uriOf(file) },
  ...(line === undefined
    ? {}
    : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } })
})
