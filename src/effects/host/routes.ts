import { readFileSync } from 'node:fs'

import { NetworkFacts } from '../../core/facts/Facts'

type Routes = NetworkFacts['routes']

const read = (file: string): ReadonlyArray<string> => {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return []
  }
}

/** Where this host's own routes lead: IPv4 and IPv6, without loopback, link-local and multicast. */
export const routes = (): Routes => [
  ...read('/proc/net/route').slice(1).flatMap(v4),
  ...read('/proc/net/ipv6_route').flatMap(v6)
]

// Columns are: device, destination, gateway, flags, … , mask; addresses as numbers of this machine's byte order.
const MASK = 7

const v4 = (line: string): Routes => {
  const fields = line.split('\t')
  const [device, destination, mask] = [fields[0], fields[1], fields[MASK]]
  if (device === undefined || destination === undefined || mask === undefined) return []
  const bits = parseInt(mask, 16).toString(2).replaceAll('0', '').length
  return [{ destination: `${dotted(destination)}/${String(bits)}`, device }]
}

const dotted = (hex: string): string => [...Buffer.from(hex, 'hex')].reverse().join('.')

// Columns are: destination, its prefix, source, its prefix, next hop, metric, references, uses, flags, device.
const DEVICE = 9

const v6 = (line: string): Routes => {
  const fields = line.trim().split(/\s+/)
  const [destination = '', prefix = '', device] = [fields[0], fields[1], fields[DEVICE]]
  return device === undefined || device === 'lo' || /^f(?:e80|f)/.test(destination)
    ? []
    : [{ destination: `${destination.replace(/(.{4})(?=.)/g, '$1:')}/${String(parseInt(prefix, 16))}`, device }]
}
