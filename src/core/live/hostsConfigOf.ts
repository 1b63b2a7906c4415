import { Live } from './Live'

const OF_LOOPBACK = /^(?:127\.0\.0\.1|::1|fe00::0|ff0[0-9]::[0-9])\s/

const NOWHERE = '127.0.1.1'

/**
 * Name and address that Nomad gave to the container: the first line of its generated /etc/hosts that is neither
 * loopback's nor one of the job's, which stand last. Where the job shows another file there, its name is that of the
 * container.
 */
export const hostsConfigOf = (
  { files, container: { id }, spec }: Pick<Live, 'files' | 'container' | 'spec'>,
  extraHosts: number
): { readonly hostname: string; readonly address: string } | undefined => {
  const text = Object.entries(files).find(([path]) => path.endsWith(`/${id}/hosts`))?.[1]
  if (text === undefined) return spec.hostname === undefined ? undefined : { hostname: spec.hostname, address: '' }
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !OF_LOOPBACK.test(line))
  const [address = '', ...names] = lines.length > extraHosts ? (lines[0]?.split(/\s+/) ?? []) : []
  const hostname = names.at(-1) ?? ''
  return address === '' || address === NOWHERE || hostname === '' ? undefined : { hostname, address }
}
