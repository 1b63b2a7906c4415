import * as fs from 'node:fs'
import * as path from 'node:path'

import { isRecord } from '../../../src/core/domain/isRecord'
import { formats } from '../../../src/core/format/formats'
import { formatNames } from '../../../src/core/format/names'
import { EMPTY, OUTCOME } from './sample'

describe('the table of formats', () => {
  it('has each format under one name', () => {
    expect([...formatNames].sort()).toEqual(Object.keys(formats).sort())
    expect(new Set(formatNames.map((name) => formats[name](OUTCOME, false))).size).toBe(formatNames.length)
  })

  it('prints nothing of nothing where a person reads, and a whole document where a program does', () => {
    expect(formatNames.filter((name) => formats[name](EMPTY, true) === '')).toEqual(['text', 'github', 'markdown'])
  })

  it('prints notes, which make no command fail', () => {
    const noted = { ...EMPTY, findings: OUTCOME.findings.slice(0, 1) }
    for (const name of formatNames) expect([name, formats[name](noted, false).includes('has no digest')]).toEqual([name, name !== 'json-patch'])
  })
})

describe('docs/formats.md', () => {
  const page = fs.readFileSync(path.join(__dirname, '../../../docs/formats.md'), 'utf8')

  /** Every member's name in a value, at any depth, but for the values that a document itself has. */
  const names = (value: unknown): ReadonlyArray<string> => {
    if (Array.isArray(value)) return value.flatMap(names)
    return isRecord(value) ? Object.entries(value).flatMap(([name, inner]) => [name, ...names(inner)]) : []
  }

  it('has a section and a row for each format, in this order', () => {
    expect([...page.matchAll(/^## (.+)$/gm)].map(([, name]) => name)).toEqual(formatNames)
    expect([...page.matchAll(/^\| \[`([a-z-]+)`\]/gm)].map(([, name]) => name)).toEqual(formatNames)
  })

  it('has a row for each field of the json format', () => {
    const [section = ''] = page.split('## json\n')[1]!.split('## json-patch')
    const documented = [...section.matchAll(/`(?:…\.|………)?([a-z]+)(?:\[\])?`/g)].map(([, name]) => name)
    for (const name of new Set(names(JSON.parse(formats.json(OUTCOME, false))))) expect(documented).toContain(name)
  })

  it('has the line of a change as it is printed', () => {
    const [line = ''] = page.match(/^ {2}weakens .*$/m) ?? []
    expect(formats.text(OUTCOME, false)).toContain(`\n${line}\n`)
  })
})
