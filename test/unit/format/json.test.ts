import { isEqual } from '../../../src/core/domain/Json'
import { json } from '../../../src/core/format/json'
import { jsonPatch, uniqueNames } from '../../../src/core/format/jsonPatch'
import { parseJson } from '../../../src/core/share/parseJson'
import { rightOf } from '../../../src/testing/facts'
import { applyPatch } from '../../laws/applyPatch'
import { COMPARISON, EMPTY, OUTCOME } from './sample'

const read = (text: string): Parameters<typeof applyPatch>[1] => rightOf(parseJson(text)) as unknown as Parameters<typeof applyPatch>[1]

describe('the json format', () => {
  it('has labels in the place of documents, and the worst verdict of each comparison', () => {
    const { changes, place, name } = COMPARISON
    expect(JSON.parse(json(OUTCOME))).toEqual({
      version: 1,
      command: 'golden check',
      looked: OUTCOME.looked,
      comparisons: [{ name, before: 'golden/web.json', after: 'web.nomad.hcl', verdict: 'weakens', verdicts: { isolation: 'weakens', program: 'unknown' }, place, changes }],
      findings: OUTCOME.findings
    })
  })

  it('is a whole document when nothing was found', () => {
    expect(json(EMPTY)).toBe(`{\n  "command": "golden check",\n  "comparisons": [],\n  "findings": [],\n  "looked": [\n    "web.nomad.hcl web/app",\n    "web.nomad.hcl web/side",\n    "jobs/b 1.hcl b/job"\n  ],\n  "version": 1\n}\n`)
  })

  it('keeps numbers that no double holds, and escapes what a terminal obeys', () => {
    const change = { ...COMPARISON.changes[0]!, after: 2n ** 64n - 1n, reason: 'a\u009bb ##[x]' }
    const said = json({ ...EMPTY, comparisons: [{ ...COMPARISON, changes: [change] }] })
    expect(said).toContain('"after": 18446744073709551615,')
    expect(said).toContain('"reason": "a\\u009bb #\\u0023[x]"')
  })
})

describe('the json-patch format', () => {
  const { before, after } = COMPARISON
  const other = { ...COMPARISON, name: 'other', before: { label: 'a', document: [1, 2, 3] }, after: { label: 'b', document: [1, 3, 4] } }

  it('of one comparison patches its document', () => {
    const patch = read(jsonPatch(OUTCOME))
    expect(patch).toContainEqual({ op: 'replace', path: '/container/image/name', value: 'web:2' })
    expect(applyPatch(before.document, patch)).toEqual(after.document)
  })

  it('of several patches one object that has the documents by name', () => {
    const patch = read(jsonPatch({ ...OUTCOME, comparisons: [COMPARISON, other] }))
    expect(applyPatch({ [COMPARISON.name]: before.document, other: [1, 2, 3] }, patch)).toEqual({ [COMPARISON.name]: after.document, other: [1, 3, 4] })
    expect(patch.map(({ path }) => path)).toContain('/web.nomad.hcl web~1app/container/image/name')
  })

  it('loses no comparison whose name another has', () => {
    const patch = read(jsonPatch({ ...OUTCOME, comparisons: [other, other] }))
    expect(patch.map(({ path }) => path.split('/')[1])).toEqual(expect.arrayContaining(['other', 'other (2)']))
    expect(uniqueNames(['a', 'b', 'a', 'a', 'b', 'a (2)'])).toEqual(['a', 'b', 'a  (2)', 'a (3)', 'b (2)', 'a (2)'])
  })

  it('is an empty list when nothing differs, findings or not', () => {
    expect(jsonPatch({ ...OUTCOME, comparisons: [] })).toBe('[]\n')
    expect(jsonPatch(EMPTY)).toBe('[]\n')
  })

  it('is applied in the test by an interpreter that refuses what RFC 6902 refuses', () => {
    expect(() => applyPatch({ a: 1 }, [{ op: 'remove', path: '/b' }])).toThrow('nothing at /b')
    expect(() => applyPatch([1], [{ op: 'add', path: '/2', value: 1 }])).toThrow('no index')
    expect(isEqual(applyPatch([1], [{ op: 'add', path: '/1', value: 2 }]), [1, 2])).toBe(true)
  })
})
