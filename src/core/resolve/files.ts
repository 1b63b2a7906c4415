import { DocumentPath, inAllocation, inPlugin, inTask } from '../domain/DocumentPath'
import { gapEach, literal } from '../domain/gaps'
import { Issue } from '../domain/Issue'
import { clean } from '../domain/path'
import { HostFacts } from '../facts/Facts'
import { HOST_GATEWAY, HostLine } from '../value/HostLine'
import { containerIdOf } from '../wanted/identity'
import { ownNetwork } from '../wanted/ownNetwork'
import { sharedNetwork } from '../wanted/sharedNetwork'
import { hostnameOf } from './hostname'
import { hostsFile, hostsOfHost, Own } from './hostsFile'
import { isOnHost } from './network'
import { Request } from './Request'
import { Dns, firstOf, isEmpty, isLoopback, NO_DNS, parse, resolvConf, resolvTemplate } from './resolvConf'
import { TaskFile, TaskMount } from './Task'

/** A file of the driver's in the container, and the text of it when it has to be made. */
export interface DriverFile {
  readonly mount: TaskMount
  readonly file: TaskFile | undefined
}

/**
 * The container's /etc/resolv.conf and /etc/hosts. The host's own resolv.conf is bound as it is; what differs from it
 * is made.
 */
export const driverFiles = (request: Request, host: HostFacts): ReadonlyArray<DriverFile> => [
  ...resolver(request, host),
  hosts(request, host)
]

const GENERATED: ReadonlyArray<string> = ['rbind', 'ro', 'nosuid', 'nodev', 'noexec']

const bind = (destination: string, source: string, at: DocumentPath, options: ReadonlyArray<string>): TaskMount => ({
  destination, type: 'bind', source, options, origin: 'driver', at, ensure: false, pin: undefined
})

const made = (
  request: Request, destination: string, text: string | Template, at: DocumentPath, because: string
): DriverFile => {
  const path = clean(
    `${request.plugin.state_dir}/${containerIdOf(request.allocation)}/${destination.slice('/etc/'.length)}`
  )
  const whole = typeof text === 'string' ? { text } : text
  return { mount: bind(destination, path, at, GENERATED), file: { path, ...whole, because } }
}

/** A text with gaps that are filled when the network is joined. */
type Template = Pick<TaskFile, 'text' | 'from'>

const template = (text: string): Template => ({ text, from: 'network' })

const RESOLV_CONF = '/etc/resolv.conf'

/** What the job and the group say of name servers. */
export const askedDns = ({ task, allocation }: Pick<Request, 'task' | 'allocation'>): Dns =>
  firstOf([ownDns(task), allocation.dns ?? NO_DNS])

const ownDns = (task: Request['task']): Dns => ({
  servers: task.dns_servers, searches: task.dns_search_domains, options: task.dns_options
})

const resolver = (request: Request, host: HostFacts): ReadonlyArray<DriverFile> => {
  const { task, plugin } = request
  const asked = askedDns(request)
  const operators: Dns = { ...NO_DNS, servers: plugin.dns_servers }
  const hosts = reachable(parse(host.resolvConfText), isOnHost(request))
  if (isEmpty(asked) && !task.host_dns) return []
  const otherwise = firstOf(task.host_dns ? [operators, hosts] : [])
  const file = (at: DocumentPath, because: string): ReadonlyArray<DriverFile> =>
    [made(request, RESOLV_CONF, resolverText(request, asked, otherwise), at, because)]
  if (!isEmpty(asked))
    return file(isEmpty(ownDns(task)) ? inAllocation('dns') : inTask('dns_servers'), 'name servers of the job')
  if (mayNameServers(request)) return file(inTask('network_mode'), 'name servers of the network, if it has some')
  if (!isEmpty(operators)) return file(inPlugin('dns_servers'), 'name servers of the operator')
  return hosts.servers.length < parse(host.resolvConfText).servers.length
    ? file(inTask('host_dns'), "the host's name servers that are reached from here")
    : [{ mount: bind(RESOLV_CONF, host.resolvConf, inTask('host_dns'), ['rbind', 'ro']), file: undefined }]
}

/** What the plugins of a network answer ranks between the group and the operator, list by list. */
const resolverText = (request: Request, asked: Dns, otherwise: Dns): string | Template =>
  mayNameServers(request)
    ? template(resolvTemplate(asked, otherwise))
    : resolvConf(firstOf([asked, otherwise]))

/** Whether plugins may answer with name servers: those of the driver's bridge have none. */
const mayNameServers = ({ task, allocation }: Request): boolean => ownNetwork(task, allocation)?._tag === 'Named'

const reachable = (dns: Dns, onHost: boolean): Dns =>
  onHost ? dns : { ...dns, servers: dns.servers.filter((server) => !isLoopback(server)) }

const HOSTS = '/etc/hosts'

// Where Debian has the name of a host without a network.
const NOWHERE = '127.0.1.1'

/** Always made: `localhost` and the container's own name are found in every image and on every network. */
const hosts = (request: Request, host: HostFacts): DriverFile => {
  const { task, allocation } = request
  const { hostname = '', address = '' } = allocation.networkIsolationSpec?.hostsConfig ?? {}
  const name = hostnameOf(request, host)
  const full = name === '' || task.domainname === undefined ? '' : `${name}.${task.domainname}`
  const names = [...new Set([full, name, hostname])].filter((one) => one !== '')
  const extra = task.extra_hosts.flatMap(({ value }) => linesOf(value, host))
  const own: Own = { names, addresses: [address === '' ? NOWHERE : address] }
  return made(
    request, HOSTS, hostsText(request, host, own, extra), inTask('extra_hosts'),
    extra.length > 0 ? 'names of the job' : 'its own name'
  )
}

/** In a network that the driver joins, the addresses are known when that is done. */
const hostsText = (
  request: Request, host: HostFacts, own: Own, extra: ReadonlyArray<HostLine>
): string | Template => {
  if (isOnHost(request)) return hostsOfHost(host.hostsText, own, extra)
  if (!isJoined(request)) return hostsFile(own, extra)
  return template(hostsFile({
    names: own.names.map(literal), addresses: [gapEach('addresses', own.addresses)]
  }, extra.map((line) => ({ ...line, name: literal(line.name) }))))
}

/** Whether the driver puts the task into a network with addresses: one of its own, or another's. */
export const isJoined = ({ task, allocation }: Request): boolean =>
  ownNetwork(task, allocation) !== undefined || sharedNetwork(task, allocation) !== undefined

/** Of `host-gateway` where nobody knows an address of the host. */
export const gatewayIssues = ({ task }: Request, { addresses }: HostFacts): ReadonlyArray<Issue> =>
  task.extra_hosts.flatMap(({ written, place, value }) =>
    value.address === HOST_GATEWAY && addresses.length === 0
      ? [Issue('BadValue', inTask('extra_hosts', place), written, 'this host has no address', 'write an address')]
      : [])

/** `host-gateway` is the host, at each of its addresses. */
const linesOf = ({ address, name }: HostLine, host: HostFacts): ReadonlyArray<HostLine> =>
  (address === HOST_GATEWAY ? host.addresses : [address]).map((one) => ({ address: one, name }))
