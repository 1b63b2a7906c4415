import { Compiled, SeccompPlan } from '../compile/Compiled'
import { compact } from '../domain/canonical'
import { digestOf } from '../domain/digest'
import { idsIn } from '../domain/idMappings'
import { markIn } from '../domain/mark'
import { PullPolicy } from '../domain/PullPolicy'
import { Asked } from './fetching'
import { hostThing, inspectMounts, inspectPaths } from './hostSteps'
import { joined, networkLabels, networkStep } from './networkSteps'
import { marked, Plan, Planned, step } from './Plan'
import { NO_VERIFIER, Verifier } from './Verifier'

const FETCH_LEASE_SECONDS = 24 * 60 * 60

/** A file or directory that an image is read from: no link is followed below `below`; `image` `""` is the only one. */
export interface Local {
  readonly transport: string
  readonly path: string
  readonly below: string
  readonly image: string
}

/** What a fetch needs to know. */
export interface Fetch extends Asked {
  readonly owner: string
  readonly name: string
  /** `""` is the host's. */
  readonly platform: string
  readonly snapshotter: string
  /** Where it is read from instead of a registry; then `name` is one that nobody else has. */
  readonly local?: Local
  readonly timeoutMs: number
  /** Whether the registry has to let this task in before an image that is here is used. */
  readonly requireLogin?: true
  /** Who has to let the image in, before anything of it comes and before it is run. */
  readonly verifier?: Verifier
}

/** What the operator puts up with from an image: sizes of all its layers in bytes, -1 for any. */
export interface ImageLimits {
  readonly maxLayers: number
  readonly maxBytes: number
  readonly maxUnpackedBytes: number
  readonly parallelDownloads: number
  readonly parallelUnpacks: number
}

/** Asks the registry whether this task may have the image, with its own login. Nothing is fetched. */
export const planAccess = ({ owner, name, hosts, silenceMs, timeoutMs }: Fetch): Plan =>
  Plan('fetch', owner, [
    step(
      { _tag: 'CheckAccess', name, hosts, silenceMs, timeoutMs },
      'the plugin option `images.require_login` wants it'
    )
  ])

/** Brings an image to this host: content under a lease, unpacked, then the lease goes and the image record keeps it. */
export const planFetch = (fetch: Fetch, limits: ImageLimits, pull: PullPolicy): Plan => {
  const { owner, name, snapshotter } = fetch
  const lease = `fetch-${digestOf(`${owner} ${name}`).slice('sha256:'.length, 'sha256:'.length + 16)}`
  const plan = Plan('fetch', owner, [
    step(
      { _tag: 'HoldLease', lease, expiresInSeconds: FETCH_LEASE_SECONDS },
      'nothing is collected while it is fetched'
    ),
    ...broughtBy(fetch, limits, pull, lease),
    unpackImage(fetch, limits, lease),
    step({ _tag: 'ReleaseLease', lease }, 'the image record keeps it')
  ])
  const isWanted = pull === 'always' || fetch.local !== undefined
  return isWanted ? plan : { ...plan, unless: { _tag: 'Unpacked', image: name, snapshotter } }
}

const broughtBy = (fetch: Fetch, limits: ImageLimits, pull: PullPolicy, lease: string): ReadonlyArray<Planned> => {
  if (fetch.local !== undefined) return [loadImage(fetch, fetch.local, limits, lease)]
  // What is here and was not unpacked is asked about before it is.
  return pull === 'never' ? verified(fetch.name, '', fetch.verifier) : [pullImage(fetch, limits, lease)]
}

const verified = (name: string, digest: string, verifier = NO_VERIFIER): ReadonlyArray<Planned> =>
  verifier.binDir === ''
    ? []
    : [step({ _tag: 'VerifyImage', name, digest, verifier }, 'the plugin option `images.verifier` wants it')]

const loadImage = (
  { name, platform, timeoutMs, verifier = NO_VERIFIER }: Fetch, local: Local, limits: ImageLimits, lease: string
): Planned =>
  step({
    _tag: 'LoadImage', image: name, transport: local.transport, path: local.path, below: local.below,
    named: local.image, platform, lease, timeoutMs,
    maxLayers: limits.maxLayers, maxBytes: limits.maxBytes, verifier
  }, 'the task brings it along')

const pullImage = (fetch: Fetch, limits: ImageLimits, lease: string): Planned => {
  const { name, platform, snapshotter, hosts, silenceMs, timeoutMs, verifier = NO_VERIFIER } = fetch
  return step({
    _tag: 'PullImage', name, platform, lease, hosts, silenceMs, timeoutMs,
    maxLayers: limits.maxLayers, maxBytes: limits.maxBytes, parallel: limits.parallelDownloads,
    ahead: { snapshotter, maxBytes: limits.maxUnpackedBytes, parallel: limits.parallelUnpacks }, verifier
  }, platform === '' ? 'the task asks for it' : `the task asks for it, for ${platform}`)
}

const unpackImage = ({ name, platform, snapshotter, timeoutMs }: Fetch, limits: ImageLimits, lease: string): Planned =>
  step({
    _tag: 'UnpackImage', name, platform, lease, snapshotter, timeoutMs,
    maxLayers: limits.maxLayers, maxBytes: limits.maxUnpackedBytes, parallel: limits.parallelUnpacks
  }, 'its layers become snapshots')

/**
 * Starts a compiled task. The container record comes first: whoever finds it finds all that is made for it, and
 * containerd collects no snapshot that a record names. Whoever has to let the image in is asked about the very digest
 * that was compiled, however it came here.
 */
export const planStart = (compiled: Compiled, verifier?: Verifier): Plan => {
  const { spec, container, io, mounts, inspection } = compiled
  const { id, snapshotter, image } = container
  const network = joined(compiled.network)
  const rootfs = step(
    { _tag: 'PrepareSnapshot', snapshotter, key: id, parent: image.chainId, ids: idsIn(spec.linux.uidMappings ?? []) },
    `root file system from ${image.name}`
  )
  return marked(Plan('start', container.owner, [
    createContainer(compiled),
    ...(image.isOwn === true ? [step({ _tag: 'OwnImage', image: image.name }, 'it goes with the task')] : []),
    ...verified(image.name, image.digest, verifier),
    ...network,
    ...mounts.map(hostThing(networkStep(network))),
    rootfs,
    inspectPaths(id, inspection),
    step({ _tag: 'CreateTask', container: id, rootfs: rootfs.id, ...io }, 'namespaces, cgroup and mounts'),
    ...inspectMounts(container, inspection),
    step({ _tag: 'StartTask', container: id }, `run ${program(spec.process.args)}`)
  ]), markIn(container.labels))
}

const createContainer = ({
  spec,
  container: { id, labels, image, runtime, snapshotter },
  seccomp, network
}: Compiled): Planned =>
  step(
    {
      _tag: 'CreateContainer',
      container: id,
      labels: { ...labels, ...networkLabels(network) },
      image: image.name,
      runtime: runtime.name,
      options: runtime.options,
      snapshotter,
      key: id,
      spec: digestOf(compact(spec))
    },
    `the record of snapshot and spec; runtime ${runtime.name}, seccomp ${filter(seccomp)}`
  )

/** Where the filter comes from, in a word: the version of the default profile, or a profile's path and digest. */
const filter = (seccomp: SeccompPlan): string => {
  switch (seccomp._tag) {
    case 'Unconfined':
      return 'unconfined'
    case 'Default':
      return `the default profile of ${seccomp.profile}`
    case 'Custom':
      return `${seccomp.path} ${seccomp.digest}`
  }
}

/** The program that is meant: behind an init, what the init runs. */
const program = ([first = '', second, third]: ReadonlyArray<string>): string =>
  second === '--' && third !== undefined ? third : first
