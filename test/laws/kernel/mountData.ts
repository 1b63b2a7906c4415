import { Mount } from '../../../src/core/domain/Oci'
import { Breaches, holds, same } from './Breach'
import { Place, SeenMount } from './Report'

const PAGE = 4096

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** Bytes of a size as tmpfs takes it; undefined for a share of the memory. */
export const bytesOf = (size: string): number | undefined => {
  const [, digits, unit] = /^(\d+)([kmg]?)$/i.exec(size) ?? []
  return digits === undefined ? undefined : Number(digits) * (UNITS[(unit ?? '').toLowerCase()] ?? NaN)
}

// What a file system leaves out when it prints its options, because it is the default.
const UNPRINTED: Readonly<Record<string, string>> = { 'tmpfs mode': '1777', 'tmpfs uid': '0', 'tmpfs gid': '0', 'devpts gid': '0', 'devpts uid': '0' }

const OCTAL = ['mode', 'ptmxmode', 'umask', 'fmask', 'dmask']

/** The options that the file system itself takes, such as size and mode. */
export const dataOptions = (at: string, { options }: Mount, seen: SeenMount, place: Place | undefined): Breaches =>
  options
    .map((option) => option.split('=', 2))
    .flatMap(([key = '', value]) => (value === undefined ? [] : key === 'size' ? size(at, value, place) : data(at, key, value, seen)))

const size = (at: string, value: string, place: Place | undefined): Breaches => {
  const bytes = bytesOf(value)
  if (bytes === undefined || place === undefined || place.kind === 'unreachable') return []
  const pages = Math.ceil(bytes / PAGE) * PAGE
  return holds(`${at} size`, String(pages), bytes === 0 || place.bytes === pages, place.bytes)
}

const data = (at: string, key: string, value: string, seen: SeenMount): Breaches => {
  const found = seen.superOptions.find((one) => one.startsWith(`${key}=`))?.slice(key.length + 1) ?? UNPRINTED[`${seen.type} ${key}`]
  const plain = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : OCTAL.includes(key) ? parseInt(text, 8).toString(8) : String(bytesOf(text) ?? text)
  return same(`${at} ${key}`, plain(value), plain(found))
}
