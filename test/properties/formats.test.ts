import * as fc from 'fast-check'

import { worstBySubject } from '../../src/core/diff/Change'
import { Json } from '../../src/core/domain/Json'
import { formats } from '../../src/core/format/formats'
import { github } from '../../src/core/format/github'
import { jsonPatch, uniqueNames } from '../../src/core/format/jsonPatch'
import { COMMENT_CHARACTERS, markdown } from '../../src/core/format/markdown'
import { formatNames } from '../../src/core/format/names'
import { Comparison, Outcome } from '../../src/core/format/Outcome'
import { sarif } from '../../src/core/format/sarif'
import { toldOf } from '../../src/core/format/toldChanges'
import { fullDocument } from '../../src/core/fullDocument'
import { changesOf } from '../../src/core/judge/changesOf'
import { parseJson } from '../../src/core/share/parseJson'
import { redactBoth } from '../../src/core/share/redact'
import { Case, cases, compiledOf, requestOf, rightOf } from '../../src/testing/facts'
import { outcomes } from '../arbitraries/outcome'
import { applyPatch } from '../laws/applyPatch'
import { sarifBreaches } from '../laws/sarif'
import { elements, parseXml } from '../laws/xml'

// Most of the time goes into the documents, so all laws look at the same ones.
const RUNS = { numRuns: Number(process.env['FC_RUNS'] ?? 100) }
const PLAIN = false

const parsed = (text: string): Json => rightOf(parseJson(text))

// All but the newline. U+2028 and U+2029 end a line for some readers.
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Cs}/u

const jsonLaws = (outcome: Outcome): void => {
  const value = parsed(formats.json(outcome, PLAIN))
  const plainComparisons = outcome.comparisons.map(({ name, before, after, changes, ...rest }) => ({
    name, before: before.label, after: after.label, verdict: expect.any(String), verdicts: worstBySubject(changes), changes, ...rest
  }))
  expect(value).toEqual(JSON.parse(JSON.stringify({
    version: 1, command: outcome.command, looked: outcome.looked, comparisons: [], findings: outcome.findings
  }), (key, item) => (key === 'comparisons' ? plainComparisons : item)))
}

const patchLaws = (outcome: Outcome): void => {
  const patch = parsed(jsonPatch(outcome)) as unknown as Parameters<typeof applyPatch>[1]
  const [only] = outcome.comparisons
  const names = uniqueNames(outcome.comparisons.map(({ name }) => name))
  const whole = (side: 'before' | 'after'): Json =>
    outcome.comparisons.length === 1 ? only![side].document : Object.fromEntries(outcome.comparisons.map((one, index) => [names[index]!, one[side].document]))
  expect(new Set(names).size).toBe(names.length)
  expect(applyPatch(whole('before'), patch)).toEqual(whole('after'))
}

const COMMANDS = /^::(error|warning|notice) (?:file=[^:,\r\n]*,(?:line=\d+,(?:col=\d+,)?)?)?title=[^:,\r\n]*::[^\r\n]*$/

/** Changes that are alike are told together, and each is told once, its group where the first of it stands. */
const everyChangeIsTold = (comparison: Comparison): void => {
  const groups = toldOf(comparison).map(({ changes }) => changes.map((change) => comparison.changes.indexOf(change)))
  expect(groups.flat().toSorted((a, b) => a - b)).toEqual(comparison.changes.map((_, index) => index))
  expect(groups.map(([first]) => first)).toEqual(groups.map(([first]) => first).toSorted((a, b) => (a ?? 0) - (b ?? 0)))
}

const githubLaws = (outcome: Outcome): void => {
  const lines = github(outcome).split('\n')
  expect(lines.pop()).toBe('')
  expect(lines).toHaveLength(outcome.findings.length + outcome.comparisons.reduce((sum, comparison) => sum + toldOf(comparison).length, 0))
  for (const comparison of outcome.comparisons) everyChangeIsTold(comparison)
  for (const line of lines) {
    expect(line).toMatch(COMMANDS)
    expect(line).not.toMatch(/##[a-z]*\[/i)
  }
}

const xmlLaws = (outcome: Outcome): void => {
  const suites = parseXml(formats.junit(outcome, PLAIN))
  const cases = elements(suites, 'testcase')
  expect(cases.length).toBeGreaterThanOrEqual(new Set(outcome.looked).size)
  expect(suites.attributes['tests']).toBe(String(cases.length))
  expect(suites.attributes['failures']).toBe(String(elements(suites, 'failure').length))
  for (const one of cases) expect(elements(one, 'failure').length).toBeLessThan(2)
}

/** What the page may run and load: its own style and script, nothing else. */
const htmlLaws = (outcome: Outcome): void => {
  const page = formats.html(outcome, PLAIN)
  const root = parseXml(page.replace(/<script>[^<]*<\/script>/, '<script></script>').replace(/<style>[^<]*<\/style>/, '<style></style>'))
  const names = new Set(elements(root, 'html').flatMap(function all(element): ReadonlyArray<string> { return [element.name, ...element.children.flatMap(all)] }))
  for (const name of ['img', 'iframe', 'object', 'embed', 'link', 'form', 'svg']) expect(names.has(name)).toBe(false)
  expect(elements(root, 'script').length).toBe(outcome.comparisons.length === 0 ? 0 : 1)
  const ids = elements(root, 'body').flatMap(function all(element): ReadonlyArray<string> {
    return [...(element.attributes['id'] === undefined ? [] : [element.attributes['id']]), ...element.children.flatMap(all)]
  })
  expect(new Set(ids).size).toBe(ids.length)
  for (const link of elements(root, 'a')) expect(ids).toContain(link.attributes['href']!.slice(1))
  expect(elements(root, 'li').filter((item) => item.attributes['class']?.startsWith('change '))).toHaveLength(
    outcome.comparisons.reduce((sum, { changes }) => sum + changes.length, 0))
}

/** Outside of code and fences, a comment has only what this program writes itself. */
const markdownLaws = (outcome: Outcome): void => {
  const text = markdown(outcome)
  expect(text.length).toBeLessThan(COMMENT_CHARACTERS)
  const open: Array<string> = []
  for (const line of text.split('\n')) {
    const fence = open[0]
    if (fence !== undefined) {
      if (line === fence) open.pop()
      else expect(line.startsWith('`')).toBe(false)
    } else if (/^`{3,}diff$/.test(line)) open.push(line.slice(0, -'diff'.length))
    else {
      const rest = line.replace(/<code>(?:[\p{L}\p{N} \-./,=+;]|&#\d+;)*<\/code>/giu, 'CODE')
        .replace(/^<details><summary>(.*)<\/summary>$/, '$1').replace(/^<\/details>$/, '').replace(/^#### CODE$/, '')
      expect(rest).toMatch(/^(?:### |\*\*Cut here:\*\*)|^[A-Za-z ,;:()'|*-]*$/)
      // The rows of findings have three cells, those of changes six.
      if (line.startsWith('|')) expect([4, 7]).toContain(rest.replace(/[^|]/g, '').length)
    }
  }
  expect(open).toEqual([])
}

const plainLaws = (outcome: Outcome): void => {
  for (const name of formatNames) {
    const text = formats[name](outcome, PLAIN)
    expect([name, CONTROL.exec(text)?.[0]]).toEqual([name, undefined])
    expect(text === '' || text.endsWith('\n')).toBe(true)
    expect(formats[name](outcome, PLAIN)).toBe(text)
  }
}

const textLaws = (outcome: Outcome): void => {
  const plain = formats.text(outcome, PLAIN)
  expect(formats.text(outcome, true).replace(/\u001b\[\d+m/g, '')).toBe(plain)
  for (const line of plain.split('\n')) expect(line).not.toMatch(/^\s*::|##[a-z]*\[/i)
}

describe('every format, whatever a job is called', () => {
  it('never throws, has no control character, and keeps what it promises to its readers', () => {
    fc.assert(fc.property(outcomes, (outcome) => {
      plainLaws(outcome)
      textLaws(outcome)
      jsonLaws(outcome)
      patchLaws(outcome)
      expect(sarifBreaches(parsed(sarif(outcome)))).toEqual([])
      xmlLaws(outcome)
      githubLaws(outcome)
      markdownLaws(outcome)
      htmlLaws(outcome)
    }), RUNS)
  })
})

describe('secrets', () => {
  const PASSWORD = 'planted-password-41c8'
  const planted = ({ documents, facts }: Case, token: string): Case => {
    const allocation = documents.allocation as Readonly<Record<string, unknown>>
    const env = { ...(allocation['env'] as object | undefined), API_TOKEN: token }
    const task = { ...(documents.task as object), auth: { username: 'bob', password: PASSWORD } }
    const more = { ...documents, task, allocation: { ...allocation, env } }
    return { documents: more, request: requestOf(more), facts }
  }

  it('are in no format', () => {
    fc.assert(fc.property(cases, cases, (one, other) => {
      const [a, b] = [planted(one, 'planted-before-77aa'), planted(other, 'planted-after-93bd')]
      const given = [fullDocument(a.request, compiledOf(a)), fullDocument(b.request, compiledOf(b))] as const
      expect(JSON.stringify(given, (_key, value) => (typeof value === 'bigint' ? String(value) : value))).toMatch(/planted-before.*planted-password.*planted-after/s)
      const [before, after] = redactBoth(...given, [])
      const outcome: Outcome = {
        command: 'diff', version: '0.1.0', findings: [], looked: ['web'],
        comparisons: [{ name: 'web', before: { label: 'a', document: before }, after: { label: 'b', document: after }, changes: changesOf(before, after) }]
      }
      for (const name of formatNames) expect([name, formats[name](outcome, PLAIN).includes('planted')]).toEqual([name, false])
    }), RUNS)
  })
})
