import { Attachment, PortMapping } from '../domain/Cni'
import { digestOf } from '../domain/digest'

const SHORT = 'sha256:'.length + 12

/** A network that is joined, as people read it: its name, the conflist by its digest, args, and the table of ports. */
export const attachmentText = ({ container, network, conflist, args, capabilities }: Attachment): string => {
  const { portMappings = [], ips = [], mac, aliases = [] } = capabilities
  const parts = [
    `${container} to ${network} of ${digestOf(conflist).slice(0, SHORT)}`,
    ...(portMappings.length === 0 ? [] : [`ports ${portsText(portMappings)}`]),
    ...(ips.length === 0 ? [] : [`addresses ${ips.join(', ')}`]),
    ...(mac === undefined ? [] : [`mac ${mac}`]),
    ...(aliases.length === 0 ? [] : [`names ${aliases.join(', ')}`]),
    ...(Object.keys(args).length === 0 ? [] : [`args ${Object.entries(args).map((pair) => pair.join('=')).join(' ')}`])
  ]
  return parts.join('; ')
}

/** Each pair of ports once, with its protocols: `10.0.0.5:28080→80/tcp+udp`. */
const portsText = (ports: ReadonlyArray<PortMapping>): string =>
  [...new Set(ports.map(pairText))].map((pair) => `${pair}/${protocolsOf(pair, ports)}`).join(', ')

const protocolsOf = (pair: string, ports: ReadonlyArray<PortMapping>): string =>
  ports.filter((port) => pairText(port) === pair).map(({ protocol }) => protocol).join('+')

const pairText = ({ hostIP, hostPort, containerPort }: PortMapping): string =>
  `${hostOf(hostIP)}${String(hostPort)}→${String(containerPort)}`

const hostOf = (address: string): string => {
  if (address === '') return ''
  return address.includes(':') ? `[${address}]:` : `${address}:`
}
