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

/** An `/etc/hosts`: the loopback names, the container's own name when its address is known, the job's lines. */
export const hostsFile = (own: HostLine | undefined, extra: ReadonlyArray<HostLine>): string =>
  [
    '# made by containerd-driver',
    ...LOOPBACK,
    ...[...(own === undefined ? [] : [own]), ...extra].map(({ address, name }) => `${address} ${name}`),
    ''
  ].join('\n')
