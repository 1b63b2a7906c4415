import { HostLine } from '../value/HostLine'

const LOOPBACK: ReadonlyArray<string> = [
  '127.0.0.1 localhost',
  '::1 localhost',
  '::1 ip6-localhost ip6-loopback',
  'fe00::0 ip6-localnet',
  'ff00::0 ip6-mcastprefix',
  'ff02::1 ip6-allnodes',
  'ff02::2 ip6-allrouters',
  'ff02::3 ip6-allhosts'
]

/** What the container is called, the full name first (gethostbyname(3): it is the canonical one), and where it is. */
export interface Own {
  readonly names: ReadonlyArray<string>
  /** An address that is not known yet may be a gap, `${…}`, which a step fills. */
  readonly addresses: ReadonlyArray<string>
}

const HEADING = '# made by containerd-driver'

/** An `/etc/hosts`: the loopback names, the container's own names at each of its addresses, the job's lines. */
export const hostsFile = (own: Own, extra: ReadonlyArray<HostLine>): string =>
  [HEADING, ...LOOPBACK, ...ownLines(own), ...extra.map(line), ''].join('\n')

/**
 * The `/etc/hosts` of a task on the host's network: the host's own, whatever it says, the container's names that it
 * has not, the job's lines.
 */
export const hostsOfHost = (text: string, own: Own, extra: ReadonlyArray<HostLine>): string => {
  const lines = text.trim() === '' ? LOOPBACK : text.trimEnd().split('\n')
  const known = new Set(lines.flatMap((one) => (one.split('#')[0] ?? '').trim().split(/\s+/).slice(1)))
  const names = own.names.filter((name) => !known.has(name))
  return [HEADING, ...lines, ...ownLines({ ...own, names }), ...extra.map(line), ''].join('\n')
}

const ownLines = ({ names, addresses }: Own): ReadonlyArray<string> =>
  names.length === 0 ? [] : addresses.map((address) => `${address} ${names.join(' ')}`)

const line = ({ address, name }: HostLine): string => `${address} ${name}`
