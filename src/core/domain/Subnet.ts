/** A range of addresses (RFC 4632, RFC 4291): the bits that all of them begin with, as `0` and `1`. */
export interface Subnet {
  readonly family: 'v4' | 'v6'
  readonly bits: string
}

const BITS = { v4: 32, v6: 128 } as const

/** Reads `10.0.0.0/8` or `fd00::/64`; undefined for anything else, also when a bit behind the prefix is set. */
export const subnetOf = (text: string): Subnet | undefined => {
  const [address = '', length = '', ...rest] = text.split('/')
  const family = address.includes(':') ? 'v6' : 'v4'
  const number = family === 'v6' ? v6(address) : v4(address)
  const prefix = /^(?:0|[1-9]\d{0,2})$/.test(length) ? Number(length) : Infinity
  if (rest.length > 0 || number === undefined || prefix > BITS[family]) return undefined
  const bits = number.toString(2).padStart(BITS[family], '0')
  return bits.includes('1', prefix) ? undefined : { family, bits: bits.slice(0, prefix) }
}

const v4 = (text: string): bigint | undefined => {
  const bytes = text.split('.')
  return bytes.length === 4 && bytes.every((byte) => /^(?:0|[1-9]\d{0,2})$/.test(byte) && Number(byte) < 256)
    ? bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n)
    : undefined
}

const GROUPS = 8

const v6 = (text: string): bigint | undefined => {
  const halves = text.split('::')
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = GROUPS - head.length - tail.length
  const isWhole = halves.length === 2 ? missing > 0 : halves.length === 1 && missing === 0
  const groups = [...head, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...tail]
  return isWhole && groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))
    ? groups.reduce((number, group) => number * 65_536n + BigInt(`0x${group}`), 0n)
    : undefined
}

/** Whether two ranges have an address in common: then one of them holds the other. */
export const overlap = (a: Subnet, b: Subnet): boolean =>
  a.family === b.family && (a.bits.startsWith(b.bits) || b.bits.startsWith(a.bits))
