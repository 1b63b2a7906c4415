import { ADVISORIES, isBefore, missingFixes } from '../../../src/core/domain/runc'

const missing = (version: string): ReadonlyArray<string> => missingFixes(version).map(({ cve }) => cve)

const OF_2025 = ['CVE-2025-31133', 'CVE-2025-52565', 'CVE-2025-52881']
const LAST = 'CVE-2026-41579'

describe('the vulnerabilities that a runc has by its number', () => {
  it.each<readonly [string, ReadonlyArray<string>]>([
    ['1.0.3', ADVISORIES.map(({ cve }) => cve)],
    ['1.1.5+ds1', ['CVE-2024-21626', 'CVE-2024-45310', ...OF_2025, LAST]],
    ['1.1.11', ['CVE-2024-21626', 'CVE-2024-45310', ...OF_2025, LAST]],
    ['1.1.12', ['CVE-2024-45310', ...OF_2025, LAST]],
    ['1.1.15', [...OF_2025, LAST]],
    ['1.2.0-rc.2', ['CVE-2024-45310', ...OF_2025, LAST]],
    ['1.2.0-rc.3', [...OF_2025, LAST]],
    ['1.2.8', [LAST]], ['1.2.99', [LAST]],
    ['1.3.2', [...OF_2025, LAST]], ['1.3.3', [LAST]], ['1.3.6', []],
    ['1.4.0-rc.2', [...OF_2025, LAST]], ['1.4.0-rc.3', [LAST]], ['1.4.0', [LAST]], ['1.4.3', []],
    ['1.5.0-rc.1', [LAST]], ['1.5.0', []], ['v1.6.0-rc1', []], ['2.0.0', []],
    ['unknown', []], ['', []], ['1.1', []], ['1.1.5.1', []]
  ])('%s', (version, wanted) => { expect(missing(version)).toEqual(wanted) })
})

it.each([
  ['1.1.5', '1.2.0', true], ['1.2.0-rc.3', '1.2.0', true], ['1.2.0-rc1', '1.2.0-rc.2', true], ['1.2.0', '1.2.0', false], ['1.10.0', '1.9.9', false],
  ['1.2.0', '1.2.0-rc.3', false], ['crun', '1.2.0', false], ['1.2.0', 'crun', false]
])('%s is before %s: %s', (version, other, wanted) => { expect(isBefore(version, other)).toBe(wanted) })
