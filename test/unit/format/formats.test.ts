import { formatNames, formats } from '../../../src/core/format/formats'
import { EMPTY, OUTCOME } from './sample'

describe('the table of formats', () => {
  it('has each format under one name', () => {
    expect([...formatNames].sort()).toEqual(Object.keys(formats).sort())
    expect(new Set(formatNames.map((name) => formats[name](OUTCOME, { colour: false }))).size).toBe(formatNames.length)
  })

  it('prints nothing of nothing where a person reads, and a whole document where a program does', () => {
    expect(formatNames.filter((name) => formats[name](EMPTY, { colour: true }) === '')).toEqual(['text', 'github', 'markdown'])
  })

  it('prints notes, which make no command fail', () => {
    const noted = { ...EMPTY, findings: OUTCOME.findings.slice(0, 1) }
    for (const name of formatNames) expect([name, formats[name](noted, { colour: false }).includes('has no digest')]).toEqual([name, name !== 'json-patch'])
  })
})
