import * as t from 'io-ts'

import { Place } from '../../job/Job'

/** The drivers whose tasks are translated. */
export type SourceDriver = 'docker' | 'podman'

/** What stands around a task's `config` and changes what its options come to. */
export interface Around {
  /** The driver that the task has now. */
  readonly driver: SourceDriver
  /** Mode of the group's network; empty when it is the host's. */
  readonly network: string
  /** The labels of the group's ports; absent when nobody knows them. */
  readonly ports?: ReadonlyArray<string>
  readonly hasNvidia: boolean
  /** What is in the task's directory before it starts, by its path from there: the destinations of templates. */
  readonly made: ReadonlyArray<string>
  /** Services of the task that are registered with the address that its driver gives it. */
  readonly driverAddresses: ReadonlyArray<string>
}

/** Nothing is known, as of a task that a dynamic block makes. */
export const nothingAround: Around = { driver: 'docker', network: '', hasNvidia: false, made: [], driverAddresses: [] }

const nullable = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.NullC, t.UndefinedC]> =>
  t.union([codec, t.null, t.undefined])
const Addressed = t.partial({ Name: nullable(t.string), AddressMode: nullable(t.string) })
const Service = t.intersection([Addressed, t.partial({ Checks: nullable(t.array(Addressed)) })])
const Services = t.partial({ Services: nullable(t.array(Service)) })

/** Reads what a parsed job has around one of its tasks. */
export const aroundOf = (driver: SourceDriver, { group, task }: Place): Around => ({
  driver,
  network: networkOf(group),
  ports: portsOf(group),
  hasNvidia: (task.Resources?.Devices ?? []).some(
    (device) => t.type({ Name: t.string }).is(device) && /^(?:nvidia\/)?gpu(?:\/|$)/.test(device.Name)
  ),
  made: destinationsOf(task),
  driverAddresses: driverAddressesOf(task)
})

const Templates = t.partial({ Templates: nullable(t.array(t.partial({ DestPath: nullable(t.string) }))) })

const destinationsOf = (task: unknown): ReadonlyArray<string> =>
  Templates.is(task) ? (task.Templates ?? []).flatMap(({ DestPath }) => DestPath ?? []) : []

/** Mode of a group's network; empty when it is the host's, or when there is none. */
export const networkOf = ({ Networks }: Place['group']): string => {
  const mode = Networks?.[0]?.Mode ?? ''
  return mode === 'host' ? '' : mode
}

const portsOf = ({ Networks }: Place['group']): ReadonlyArray<string> =>
  (Networks ?? []).flatMap(({ ReservedPorts, DynamicPorts }) =>
    [...(ReservedPorts ?? []), ...(DynamicPorts ?? [])].map(({ Label }) => Label)
  )

const isByDriver = ({ AddressMode }: t.TypeOf<typeof Addressed>): boolean => AddressMode === 'driver'

const driverAddressesOf = (holder: unknown): ReadonlyArray<string> =>
  Services.is(holder)
    ? (holder.Services ?? [])
        .filter((service) => isByDriver(service) || (service.Checks ?? []).some(isByDriver))
        .map(({ Name }) => Name ?? '')
    : []
