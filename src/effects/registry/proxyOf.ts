import { BlockList, isIP, isIPv6 } from 'node:net'

/** The variables of the environment that name proxies. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy for an address, as Go's programs find it in the environment: HTTPS_PROXY or HTTP_PROXY, none for what
 * NO_PROXY lists (names with all below them, addresses, networks, `*`, each with a port or without), none for this
 * host. Undefined: none.
 */
export const proxyOf = ({ protocol, hostname, port }: URL, env: Environment): URL | undefined => {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (host === 'localhost' || isOfThisHost(host)) return undefined
  const name = protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  const text = env[name.toUpperCase()] || env[name] || ''
  if (text === '') return undefined
  const listed = (env['NO_PROXY'] || env['no_proxy'] || '').split(',').map((one) => one.trim().toLowerCase())
  const actual = port || (protocol === 'https:' ? '443' : '80')
  if (listed.some((one) => one !== '' && isListed(one, host, actual))) return undefined
  const address = /^\w+:\/\//.test(text) ? text : `http://${text}`
  return URL.canParse(address) ? new URL(address) : undefined
}

const isOfThisHost = (host: string): boolean => host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)

const isListed = (entry: string, host: string, port: string): boolean => {
  if (entry === '*') return true
  const [, name = '', wanted] = /^(.*?)(?::(\d+))?$/.exec(isIPv6(entry) ? `[${entry}]` : entry) ?? []
  if (wanted !== undefined && wanted !== port) return false
  const bare = name.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0) return bare === host || isIn(bare, host)
  return bare.startsWith('.') ? host.endsWith(bare) : host === bare || host.endsWith(`.${bare}`)
}

const isIn = (network: string, host: string): boolean => {
  const [address = '', bits] = network.split('/')
  if (bits === undefined || isIP(address) === 0 || isIP(address) !== isIP(host)) return false
  const list = new BlockList()
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  const most = family === 'ipv6' ? 128 : 32
  if (!/^\d+$/.test(bits) || Number(bits) > most) return false
  list.addSubnet(address, Number(bits), family)
  return list.check(host, family)
}
