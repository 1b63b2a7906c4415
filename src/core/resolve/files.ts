import { clean } from '../domain/path'
import { HostFacts } from '../facts/Facts'
import { containerIdOf } from '../wanted/identity'
import { hostsFile } from './hostsFile'
import { Request } from './Request'
import { Dns, isEmpty, orElse, parse, resolvConf } from './resolvConf'
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
  ...hosts(request)
]

const GENERATED: ReadonlyArray<string> = ['rbind', 'ro', 'nosuid', 'nodev', 'noexec']

const bind = (destination: string, source: string, at: string, options: ReadonlyArray<string>): TaskMount => ({
  destination, type: 'bind', source, options, origin: 'driver', at, ensure: false, pin: undefined
})

const made = (request: Request, destination: string, text: string, at: string, because: string): DriverFile => {
  const path = clean(
    `${request.plugin.state_dir}/${containerIdOf(request.allocation)}/${destination.slice('/etc/'.length)}`
  )
  return { mount: bind(destination, path, at, GENERATED), file: { path, text, because } }
}

const RESOLV_CONF = '/etc/resolv.conf'
const NO_DNS: Dns = { servers: [], searches: [], options: [] }

const resolver = (request: Request, host: HostFacts): ReadonlyArray<DriverFile> => {
  const { task, allocation } = request
  const own: Dns = { servers: task.dns_servers, searches: task.dns_search_domains, options: task.dns_options }
  const asked = orElse(own, allocation.dns ?? NO_DNS)
  if (!isEmpty(asked)) {
    const text = resolvConf(orElse(asked, task.host_dns ? parse(host.resolvConfText) : NO_DNS))
    return [
      made(request, RESOLV_CONF, text, isEmpty(own) ? 'allocation.dns' : 'task.dns_servers', 'name servers of the job')
    ]
  }
  return task.host_dns
    ? [{ mount: bind(RESOLV_CONF, host.resolvConf, 'task.host_dns', ['rbind', 'ro']), file: undefined }]
    : []
}

const HOSTS = '/etc/hosts'

/**
 * Made when there is something to say: the job's lines, or the name and address that Nomad gave to the group's network.
 */
const hosts = (request: Request): ReadonlyArray<DriverFile> => {
  const { task, allocation } = request
  const own = allocation.networkIsolationSpec?.hostsConfig
  const named =
    own !== undefined && own.hostname !== '' && own.address !== ''
      ? { address: own.address, name: own.hostname }
      : undefined
  const extra = task.extra_hosts.map(({ value }) => value)
  return named === undefined && extra.length === 0
    ? []
    : [
        made(
          request,
          HOSTS,
          hostsFile(named, extra),
          'task.extra_hosts',
          extra.length > 0 ? 'names of the job' : 'the name of the container'
        )
      ]
}
