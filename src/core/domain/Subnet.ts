/** A range of addresses (RFC 4632, RFC 4291): its first address as a number, and how many bits name the network. */
export interface Subnet {
  readonly family: 'v4' | 'v6'
  readonly first: bigint
  readonly prefix: number
}

const BITS = { v4: 32, v6: 128 } as const

/** Reads `10.0.0.0/8` or `fd00::/64`; undefined for anything else, also when a bit behind the prefix is set. */
export const subnetOf = (text: string): Subnet | undefined => {
  const [address = '', length = '', ...rest] = text.split('/')
  const family = address.includes(':') ? 'v6' : 'v4'
  const first = family === 'v6' ? v6(address) : v4(address)
  const prefix = /^(?:0|[1-9]\d{0,2})$/.test(length) ? Number(length) : Infinity
  return rest.length > 0 || first === undefined || prefix > BITS[family] || first % sizeOf(family, prefix) !== 0n
    ? undefined
    : { family, first, prefix }
}

/** How many addresses a range has. */
const sizeOf = (family: Subnet['family'], prefix: number): bigint => 1n << BigInt(BITS[family] - prefix)

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

/** Whether two ranges have an address in common. */
export const overlap = (a: Subnet, b: Subnet): boolean =>
  a.family === b.family
  && a.first < b.first + sizeOf(b.family, b.prefix)
  && b.first < a.first + sizeOf(a.family, a.prefix)
