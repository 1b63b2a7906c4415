const V4 = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/
const GROUP = /^[0-9a-fA-F]{1,4}$/
const GROUPS = 8
// INET6_ADDRSTRLEN, `%`, and IFNAMSIZ with room for names that are longer.
const LONGEST = 128

/** Whether a text is an IPv4 or IPv6 address (RFC 4291); IPv6 may name a zone, as resolv.conf allows. */
export const isAddress = (text: string): boolean => text.length <= LONGEST && (V4.test(text) || isV6(text))

const isV6 = (text: string): boolean => {
  const [address = '', zone, ...rest] = text.split('%')
  if (rest.length > 0 || (zone !== undefined && !/^[A-Za-z0-9_.-]+$/.test(zone))) return false
  const halves = address.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : expandedV4(half).split(':')))
  return (
    groups.every((group) => GROUP.test(group))
    && (halves.length === 2 ? groups.length < GROUPS : groups.length === GROUPS)
  )
}

/** The dotted end of an address (`::ffff:10.0.0.1`) as the two groups that it stands for. */
const expandedV4 = (half: string): string => {
  const start = half.lastIndexOf(':') + 1
  return V4.test(half.slice(start)) ? `${half.slice(0, start)}0:0` : half
}
