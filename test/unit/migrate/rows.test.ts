import { fields } from '../../../src/core/decode/TaskConfig'
import { Fields } from '../../../src/core/field/Field'
import { podmanRows } from '../../../src/core/migrate/rows/podman'
import { everyRow } from '../../../src/core/migrate/rows/rows'

/** The options of a task that Nomad's docker driver declares (drivers/docker/config.go), those of its blocks in parentheses. */
const MOUNT = `type target source readonly bind_options(propagation) tmpfs_options(size mode)
  volume_options(no_copy labels driver_config(name options))`
const DOCKER = `image advertise_ipv6_address args auth(username password email server_address) auth_soft_fail cap_add cap_drop cgroupns command
  cpuset_cpus cpu_hard_limit cpu_cfs_period container_exists_attempts devices(host_path container_path cgroup_permissions) dns_search_domains
  dns_options dns_servers entrypoint extra_hosts force_pull group_add healthchecks(disable) hostname init interactive ipc_mode ipv4_address
  ipv6_address isolation labels load logging(type driver config) mac_address memory_hard_limit mount(${MOUNT}) mounts(${MOUNT}) network_aliases
  network_mode oom_score_adj runtime pids_limit pid_mode ports port_map privileged image_pull_timeout readonly_rootfs security_opt shm_size
  storage_opt sysctl tty ulimit uts_mode userns_mode volumes volume_driver work_dir`

/** The same of nomad-driver-podman (config.go). */
const PODMAN = `apparmor_profile args auth(username password tls_verify) auth_soft_fail command cap_add cap_drop selinux_opts cpu_hard_limit cpu_cfs_period
  devices entrypoint working_dir hostname image arch os variant image_pull_timeout init init_path static_ips static_mac ipv4_address ipv6_address labels
  logging(driver options) memory_reservation memory_swap memory_swappiness network_mode ipc_mode oom_score_adj extra_hosts pids_limit port_map ports
  privileged security_opt socket sysctl tmpfs tty ulimit volumes force_pull readonly_rootfs userns shm_size`

/** The names of a list such as `a b(c d)`: `a`, `b`, `b.c`, `b.d`. */
const namesOf = (text: string): ReadonlyArray<string> => {
  const stack: Array<string> = []
  const found: Array<string> = []
  for (const [token] of text.matchAll(/[a-z0-9_]+|[()]/g)) {
    if (token === '(') stack.push(found.at(-1)!)
    else if (token === ')') stack.pop()
    else found.push(stack.length === 0 ? token : `${stack.at(-1)!}.${token}`)
  }
  return found
}

const known = (of: Fields, prefix = ''): ReadonlyArray<string> =>
  Object.entries(of).flatMap(([name, { shape }]) => [`${prefix}${name}`, ...('fields' in shape ? known(shape.fields, `${prefix}${name}.`) : [])])

describe('the rows of migrate', () => {
  it('are the options of the docker driver, all of them and no other', () => {
    expect(everyRow().map(([name]) => name).sort()).toEqual([...namesOf(DOCKER)].sort())
  })

  it('are the options of the podman driver too', () => {
    expect(everyRow(podmanRows).map(([name]) => name).sort()).toEqual([...namesOf(PODMAN)].sort())
  })

  const BOTH = [...everyRow(), ...everyRow(podmanRows)]

  it.each(BOTH.filter(([, { here }]) => here.length > 0))('%s leads to options that exist here', (_name, { here }) => {
    expect(here.filter((name) => !known(fields).includes(name))).toEqual([])
  })

  it.each(BOTH)('%s has a name here unless it is missing, and says something', (_name, { usual, here, says }) => {
    expect(here.length === 0).toBe(usual === 'Missing')
    expect(says).toMatch(/^[A-Z`].*\.$/)
  })

  it('that are renamed have one name, another one', () => {
    const renamed = BOTH.filter(([, { usual }]) => usual === 'Renamed')
    expect(renamed.map(([name, { here }]) => [name, here])).toEqual([['work_dir', ['cwd']], ['userns_mode', ['userns']], ['working_dir', ['cwd']]])
  })
})
