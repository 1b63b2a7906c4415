/** A vulnerability of runc and the first release of each line that has the fix, oldest line first. */
export interface Advisory {
  readonly cve: string
  readonly fixedIn: ReadonlyArray<string>
}

/** From runc's own security advisories and changelog. A distribution may have the fix in an older version. */
export const ADVISORIES: ReadonlyArray<Advisory> = [
  { cve: 'CVE-2023-25809', fixedIn: ['1.1.5'] },
  { cve: 'CVE-2023-27561', fixedIn: ['1.1.5'] },
  { cve: 'CVE-2023-28642', fixedIn: ['1.1.5'] },
  { cve: 'CVE-2024-21626', fixedIn: ['1.1.12'] },
  { cve: 'CVE-2024-45310', fixedIn: ['1.1.14', '1.2.0-rc.3'] },
  { cve: 'CVE-2025-31133', fixedIn: ['1.2.8', '1.3.3', '1.4.0-rc.3'] },
  { cve: 'CVE-2025-52565', fixedIn: ['1.2.8', '1.3.3', '1.4.0-rc.3'] },
  { cve: 'CVE-2025-52881', fixedIn: ['1.2.8', '1.3.3', '1.4.0-rc.3'] },
  { cve: 'CVE-2026-41579', fixedIn: ['1.3.6', '1.4.3', '1.5.0'] }
]

/** `1.4.0-rc.3`: its three numbers and that of the candidate; a release stands after every candidate. */
type Numbers = readonly [number, number, number, number]

const VERSION = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-rc\.?(\d{1,9}))?(?![\d.])/

/** Reads `1.1.5`, `1.4.0-rc.3`, `1.0.0-rc95` and what a distribution adds (`1.1.5+ds1`); undefined when it is none. */
const parse = (text: string): Numbers | undefined => {
  const [whole, major, minor, patch, candidate] = VERSION.exec(text) ?? []
  return whole === undefined
    ? undefined
    : [Number(major), Number(minor), Number(patch), candidate === undefined ? Infinity : Number(candidate)]
}

/** Whether a version is earlier than another; false where one of both is none. */
export const isBefore = (version: string, other: string): boolean => {
  const [a, b] = [parse(version), parse(other)]
  const at = a?.findIndex((number, index) => number !== b?.[index]) ?? -1
  return at >= 0 && (a?.[at] ?? 0) < (b?.[at] ?? 0)
}

/** The advisories whose fix this version has not, by its number. None of a text that is no version. */
export const missingFixes = (version: string): ReadonlyArray<Advisory> =>
  parse(version) === undefined ? [] : ADVISORIES.filter(({ fixedIn }) => !isFixed(version, fixedIn))

/** The fix of its own line counts; a line that is later than all of those named came with it. */
const isFixed = (version: string, fixedIn: ReadonlyArray<string>): boolean =>
  fixedIn.some((fix) => lineOf(fix) === lineOf(version) && !isBefore(version, fix))
  || !isBefore(version, fixedIn.at(-1) ?? '')

const lineOf = (version: string): string => (parse(version) ?? []).slice(0, 2).join('.')
