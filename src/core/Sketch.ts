import { Compiled, HostThing } from './compile/Compiled'
import { compact } from './domain/canonical'
import { digestOf } from './domain/digest'
import { inTask } from './domain/DocumentPath'
import { Named, Unknown, withNames } from './domain/Unknown'
import { UNKNOWN_PROFILE } from './facts/standIns'
import { Plan } from './plan/Plan'
import { Request } from './resolve/Request'
import { plansOf } from './translate'

/** A task that compiled: with names where only a client, a host or an image knows more. Nothing of it can be run. */
export interface Sketch {
  readonly request: Request
  readonly compiled: Named<Compiled>
  /** What would be done to run it. Worked out when it is asked for: most look at the spec alone. */
  readonly plans: () => ReadonlyArray<Plan>
}

/** What was compiled with tokens, with their names in the place of them. */
export const sketchOf = (request: Request, compiled: Compiled, unknowns: ReadonlyArray<Unknown>): Sketch => {
  const named = withNames(unknowns.length === 0 ? [] : [...unknowns, ...digestsOf(compiled, unknowns)])
  const profile = unknowns.find(({ token }) => token === UNKNOWN_PROFILE)?.name
  const made = named(compiled)
  return {
    request,
    compiled: unknowns.length === 0 ? made : withoutGuesses(made, profile),
    // Texts in plans have names; a number of a plan that is not known is no part of what it prints.
    plans: () => named(plansOf(request, compiled)) as ReadonlyArray<Plan>
  }
}

/** Digests of what holds tokens are digests of nothing that will be. */
const digestsOf = (compiled: Compiled, unknowns: ReadonlyArray<Unknown>): ReadonlyArray<Unknown> => [
  { at: inTask(), name: '${spec.digest}', token: digestOf(compact(compiled.spec)), known: '' },
  ...compiled.mounts.flatMap((thing) => digestIn(thing, unknowns))
]

const digestIn = (thing: HostThing, unknowns: ReadonlyArray<Unknown>): ReadonlyArray<Unknown> =>
  thing._tag === 'File' && unknowns.some(({ token }) => thing.text.includes(String(token)))
    ? [{ at: inTask(), name: `\${file.digest.${thing.path}}`, token: digestOf(thing.text), known: '' }]
    : []

type Linux = Named<Compiled>['spec']['linux']
type Filter = NonNullable<Linux['seccomp']>

/** Of a device that nobody knows neither kind nor mode is known; of a filter that only the host has, nothing is. */
const withoutGuesses = (compiled: Named<Compiled>, profile: string | undefined): Named<Compiled> => {
  const { linux } = compiled.spec
  const guarded: Linux = {
    ...linux,
    ...(linux.devices === undefined ? {} : { devices: linux.devices.map(nodeOf) }),
    resources: { ...linux.resources, ...rulesOf(linux.resources) },
    ...(profile === undefined ? {} : { seccomp: profile as unknown as Filter })
  }
  return { ...compiled, spec: { ...compiled.spec, linux: guarded } }
}

type Device = NonNullable<Linux['devices']>[number]

const nodeOf = (device: Device): Device =>
  typeof device.major === 'string'
    ? ({ path: device.path, type: device.major, major: device.major, minor: device.minor }) as unknown as Device
    : device

type Resources = NonNullable<Linux['resources']>

const rulesOf = ({ devices }: Resources): Pick<Resources, 'devices'> =>
  ({ devices: devices.map((rule) => (typeof rule.major === 'string' ? { ...rule, type: rule.major } : rule)) })
