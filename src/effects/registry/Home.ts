import { lookup } from 'node:dns'
import { BlockList, isIP, isIPv6, LookupFunction } from 'node:net'

import { isLoopback } from '../../core/image/ImageReference'
import { Trust } from './Trust'

/**
 * The registry that an image names, which is all that is trusted here: who wrote the image's name chose it. Wherever it
 * points
 * (a redirect, the realm of a login) is its word only, and this process sits in the host's network:
 * - https leads to https. Plain http is spoken to loopback, by a registry that is on loopback and speaks it itself.
 * - Nobody is sent to link-local addresses: clouds keep the host's own credentials there. Only a registry on loopback
 * is sent to
 *   loopback. Names are looked at as addresses, when they are connected to.
 * - Private networks (10.0.0.0/8 and the like) are open: a store of blobs inside the house is usual.
 */
export interface Home {
  readonly origin: string
  readonly isOnLoopback: boolean
  /** Whom a connection to it trusts; as usual when left out. */
  readonly trust?: Trust
  readonly dialTimeoutMs?: number
}

export const Home = (url: URL, how: Pick<Home, 'trust' | 'dialTimeoutMs'> = {}): Home =>
  ({ origin: url.origin, isOnLoopback: isLoopback(url.host), ...how })

/** Thrown where a registry points to what it may not: its message says where. */
export class Astray extends Error {}

/** Why nobody goes from one address to another on the registry's word; undefined where it is fine. */
export const wrongStep = (home: Home, from: URL, to: URL): string | undefined => {
  if (to.protocol !== 'https:' && to.protocol !== 'http:')
    return `leads to ${to.protocol}, which is neither https nor http`
  if (to.protocol === 'http:' && from.protocol === 'https:') return `leads from https to plain http at ${to.host}`
  if (to.origin === home.origin) return undefined
  if (to.protocol === 'http:' && !isLoopback(to.host)) return `leads to plain http at ${to.host}`
  const host = to.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0) return wrongAddress(home, host)
  return !home.isOnLoopback && /(?:^|\.)localhost\.?$/.test(host) ? `leads to ${host}, which is this host` : undefined
}

/**
 * Looks a name up for a step away from home: an address that is closed to it fails the connection before it is made.
 */
export const lookupAway = (home: Home): LookupFunction => (hostname, options, callback) => {
  lookup(hostname, options, (error, found, family) => {
    const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found]
    const wrong = error === null ? addresses.flatMap((address) => wrongAddress(home, address) ?? [])[0] : undefined
    if (wrong === undefined) callback(error, found, family)
    else callback(new Astray(`${wrong}, by the name ${hostname}`), '', 0)
  })
}

const listOf = (...subnets: ReadonlyArray<readonly [string, number]>): BlockList => {
  const list = new BlockList()
  for (const [address, bits] of subnets) list.addSubnet(address, bits, isIPv6(address) ? 'ipv6' : 'ipv4')
  return list
}

// Linux takes the unspecified addresses for its own.
const LOOPBACK = listOf(['127.0.0.0', 8], ['0.0.0.0', 8], ['::1', 128], ['::', 128])

// Beside link-local: where AWS, Google, Alibaba and Azure answer a machine with its own secrets.
const METADATA = listOf(
  ['169.254.0.0', 16],
  ['fe80::', 10],
  ['fd00:ec2::254', 128],
  ['fd20:ce::254', 128],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32]
)

const wrongAddress = (home: Home, address: string): string | undefined => {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (METADATA.check(address, family)) return `leads to ${address}, which answers this host only`
  return !home.isOnLoopback && LOOPBACK.check(address, family) ? `leads to ${address}, which is this host` : undefined
}
