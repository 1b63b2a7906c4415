import { isAddress } from './isAddress'

/** A line of `/etc/hosts`. */
export interface HostLine {
  readonly address: string
  readonly name: string
}

/** What stands for the address of the host, as in Docker. */
export const HOST_GATEWAY = 'host-gateway'

/** Reads `host:IP` or `host:host-gateway`, split at the first colon so that IPv6 stands after it; undefined when it is none. */
export const extraHost = (text: string): HostLine | undefined => {
  const colon = text.indexOf(':')
  const name = text.slice(0, Math.max(0, colon))
  const address = text.slice(colon + 1).replace(/^\[(.*)\]$/, '$1')
  return /^[^\s#]+$/.test(name) && (isAddress(address) || address === HOST_GATEWAY) ? { address, name } : undefined
}
