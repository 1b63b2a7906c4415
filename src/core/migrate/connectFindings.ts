import * as t from 'io-ts'

import * as Job from '../job/Job'
import { Finding, findingOf } from './Finding'
import { Differs } from './rows/Verdict'

const nullable = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.NullC, t.UndefinedC]> =>
  t.union([codec, t.null, t.undefined])

const Connect = t.partial({
  SidecarService: nullable(t.UnknownRecord),
  Gateway: nullable(t.UnknownRecord),
  SidecarTask: nullable(t.partial({ Driver: nullable(t.string), Config: nullable(t.UnknownRecord) }))
})
const Services = t.partial({
  Services: nullable(t.array(t.partial({ Name: nullable(t.string), Connect: nullable(Connect) })))
})

/**
 * Proxies of Consul Connect that Nomad adds to a group with docker or podman, whatever drivers the tasks beside them
 * have (nomad/job_endpoint_hook_connect.go).
 */
export const connectFindings = (group: Job.Group, rewritten: ReadonlyArray<Job.JobTask>): ReadonlyArray<Finding> => {
  const holder: unknown = group
  const services = Services.is(holder) ? (holder.Services ?? []) : []
  const left = (group.Tasks ?? []).filter((task) => !rewritten.includes(task)).map(({ Driver }) => Driver)
  return services.flatMap(({ Name, Connect: connect }) => {
    const isProxied = (connect?.SidecarService ?? connect?.Gateway ?? null) !== null
    const driver = connect?.SidecarTask?.Driver ?? ''
    const used = driver === '' ? guessed(left) : driver
    if (!isProxied || (used !== 'docker' && used !== 'podman')) return []
    return [findingOf('service.connect', Differs(textOf(Name ?? '', used, (connect?.Gateway ?? null) !== null)))]
  })
}

/** The driver that Nomad takes for a proxy when the job names none. */
const guessed = (drivers: ReadonlyArray<string>): string =>
  drivers.includes('podman') && !drivers.includes('docker') ? 'podman' : 'docker'

const textOf = (service: string, driver: string, isGateway: boolean): string =>
  `Nomad runs the ${isGateway ? 'gateway' : 'proxy'} of \`${service}\` with driver ${driver}: it is left as it is, and the client still needs ${driver}; a \`sidecar_task\` with \`driver = "containerd-driver"\`, image and args moves it too, see docs/coming-from-docker.md`
