import * as fs from 'node:fs'
import * as path from 'node:path'

import { uriOf } from '../../../src/core/format/repoPath'
import { sarif } from '../../../src/core/format/sarif'
import { rulesOf } from '../../../src/core/format/sarifRules'
import { sarifBreaches } from '../../laws/sarif'
import { COMPARISON, EMPTY, OUTCOME } from './sample'

interface Location {
  readonly physicalLocation: { readonly artifactLocation: { uri: string }; readonly region: { startLine: number } }
}

interface Result {
  readonly ruleId: string
  ruleIndex: number
  level: string
  readonly locations: ReadonlyArray<Location>
  readonly partialFingerprints: { readonly primaryLocationLineHash: string }
}

interface Run {
  readonly tool: { readonly driver: { name?: string; readonly rules: ReadonlyArray<{ readonly id: string; readonly defaultConfiguration: { readonly level: string } }> } }
  readonly results: ReadonlyArray<Result>
}

const log = (outcome: typeof OUTCOME): unknown => JSON.parse(sarif(outcome))

const runOf = (given: unknown): Run => (given as { readonly runs: readonly [Run] }).runs[0]

const results = (outcome: typeof OUTCOME): ReadonlyArray<Result> => runOf(log(outcome)).results

describe('the sarif format', () => {
  it('has a rule for each verdict and each kind of finding, and results that name them', () => {
    const run = runOf(log(OUTCOME))
    expect(sarifBreaches(log(OUTCOME))).toEqual([])
    expect(run.tool.driver).toMatchObject({ name: 'containerd-driver', version: '1.2.3' })
    expect(run.tool.driver.rules.map(({ id, defaultConfiguration: { level } }) => `${id} ${level}`)).toEqual([
      'weakens warning', 'unknown warning', 'neutral note', 'tightens note', 'notice note', 'unknown-option error', 'unused-ignore note'
    ])
    expect(run.results.map(({ ruleId, level }) => `${ruleId} ${level}`)).toEqual([
      'notice note', 'unused-ignore warning', 'unknown-option error', 'unknown warning', 'weakens warning', 'tightens note'
    ])
  })

  it('says where a change comes from and what it is part of', () => {
    const all = results(OUTCOME)
    expect(all[4]).toMatchObject({
      message: { text: `isolation: /spec/process/noNewPrivileges: true -> false - ${COMPARISON.changes[1]!.reason} [task.no_new_privileges]` },
      locations: [{
        physicalLocation: { artifactLocation: { uri: 'web.nomad.hcl' }, region: { startLine: 12, startColumn: 9 } },
        logicalLocations: [{ fullyQualifiedName: 'web.nomad.hcl web/app' }, { fullyQualifiedName: '/spec/process/noNewPrivileges' }]
      }]
    })
    expect(all[2]!.locations[0]!.physicalLocation.artifactLocation.uri).toBe('jobs/b%201.hcl')
    expect(all[0]!.locations[0]!.physicalLocation).toEqual({ artifactLocation: { uri: 'web.nomad.hcl' } })
  })

  it('knows a result again when lines have moved, and tells results of one line apart', () => {
    const prints = (outcome: typeof OUTCOME): ReadonlyArray<string> => results(outcome).map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash)
    const moved = {
      ...OUTCOME,
      comparisons: [{ ...COMPARISON, changes: COMPARISON.changes.map((change) => ({ ...change, place: { file: 'web.nomad.hcl', line: 99 } })) }],
      findings: OUTCOME.findings.map((finding) => ({ ...finding, place: { ...finding.place!, line: 99 } }))
    }
    expect(prints(moved)).toEqual(prints(OUTCOME))
    expect(new Set(prints(OUTCOME)).size).toBe(6)
    const [, weaker] = COMPARISON.changes
    expect(prints({ ...OUTCOME, comparisons: [{ ...COMPARISON, changes: [{ ...weaker!, verdict: 'neutral' }] }] })[3]).not.toBe(prints(OUTCOME)[4])
  })

  it('lets no message place a link', () => {
    const finding = { rule: 'notice', level: 'note', message: '[log in](https://example.com)' } as const
    expect(results({ ...EMPTY, findings: [finding] })[0]).toMatchObject({ message: { text: '[log in] (https://example.com)' } })
  })

  it('has a file for each result, because GitHub refuses a log of which one has none', () => {
    const uris = (outcome: typeof OUTCOME): ReadonlyArray<string> => results(outcome).map(({ locations }) => locations[0]!.physicalLocation.artifactLocation.uri)
    const finding = { rule: 'notice', level: 'note', message: 'm' } as const
    const { place: _none, ...bare } = COMPARISON
    const unplaced = { ...bare, after: { ...bare.after, label: 'web.nomad.hcl web/app' }, changes: COMPARISON.changes.map(({ place: _place, ...change }) => change) }
    expect(uris({ ...EMPTY, findings: [{ ...finding, task: 'b/job' }, { ...finding, task: 'x/y' }, finding], comparisons: [unplaced] })).toEqual([
      'jobs/b%201.hcl', 'web.nomad.hcl', 'web.nomad.hcl', 'web.nomad.hcl', 'web.nomad.hcl', 'web.nomad.hcl'
    ])
    expect(uris({ ...EMPTY, looked: [], findings: [finding] })).toEqual(['golden%20check'])
  })

  it('is a whole log when nothing was found', () => {
    expect(sarifBreaches(log(EMPTY))).toEqual([])
    expect(results(EMPTY)).toEqual([])
  })

  it('is judged by a schema that refuses other logs', () => {
    const good = log(OUTCOME)
    const breaches = (change: (run: Run) => void): number => {
      const copy = structuredClone(good)
      change(runOf(copy))
      return sarifBreaches(copy).length
    }
    expect(breaches((run) => { run.results[0]!.ruleIndex = 0 })).toBe(1)
    expect(breaches((run) => { run.results[1]!.locations[0]!.physicalLocation.region.startLine = 0 })).toBe(1)
    expect(breaches((run) => { run.results[1]!.locations[0]!.physicalLocation.artifactLocation.uri = 'a b' })).toBe(1)
    expect(breaches((run) => { run.results[1]!.level = 'fatal' })).toBe(1)
    expect(breaches((run) => { delete run.tool.driver.name })).toBe(1)
  })

  it('has words of its own for every tag of an issue', () => {
    const [, union = ''] = /export type IssueTag =([^/]*?)\n\n/.exec(fs.readFileSync(path.join(__dirname, '../../../src/core/domain/Issue.ts'), 'utf8')) ?? []
    const ids = [...union.matchAll(/'([A-Za-z]+)'/g)].map(([, tag = '']) => tag.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase())
    expect(ids.length).toBeGreaterThan(5)
    for (const { id, help } of rulesOf(ids).slice(4)) expect([id, help]).not.toEqual([id, 'Do as the message says.'])
    for (const { short, help } of rulesOf([...ids, 'unreadable', 'notice', 'golden-missing', 'golden-unreadable', 'golden-extra', 'unused-ignore'])) expect([/^[A-Z].*[a-z]$/.test(short), /^[A-Z].*\.$/.test(help)]).toEqual([true, true])
    expect(rulesOf(['some-other-rule']).at(-1)).toEqual({ id: 'some-other-rule', level: 'warning', short: 'some other rule', help: 'Do as the message says.' })
  })
})

describe('a file as a URI', () => {
  it.each([
    ['a/b.hcl', 'a/b.hcl'], ['./a.hcl', 'a.hcl'], ['.//./a', 'a'], ['a\\b.hcl', 'a/b.hcl'], ['a b#c?d%.hcl', 'a%20b%23c%3Fd%25.hcl'], ['c:d', 'c%3Ad'],
    ['/srv/a b', 'file:///srv/a%20b'], ['//host/a', 'file:///host/a'], ['../a', '../a'], ['é', '%C3%A9'], ['\ud800', '%EF%BF%BD'], ['', '.']
  ])('%j is %j', (file, uri) => {
    expect(uriOf(file)).toBe(uri)
  })
})
