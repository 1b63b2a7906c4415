import * as E from 'fp-ts/Either'

import { Edits, NO_EDITS } from '../cdi/Edits'
import { collected, collectedList, unless } from '../domain/collected'
import { placeIn } from '../domain/DocumentPath'
import { hostIdOf } from '../domain/idMappings'
import { isNonEmpty, Issue, Issues, sorted } from '../domain/Issue'
import { IdMapping, User } from '../domain/Oci'
import { about, Facts, HostFacts, ImageFacts } from '../facts/Facts'
import { Entries } from '../field/Parsed'
import { NamedUlimit } from '../value/Ulimit'
import { rangesOf } from '../value/UserNamespace'
import { containerIdOf, labelsOf } from '../wanted/identity'
import { cdiEdits } from './cdiDevices'
import { confinementOf } from './confinement'
import { devicesOf, onePerPlace } from './devices'
import { envOf, tooMuch } from './env'
import { driverFiles, gatewayIssues } from './files'
import { hostnameOf } from './hostname'
import { inspectionOf } from './inspectionOf'
import { cgroupsPathOf, limitsOf } from './limits'
import { mountsOf } from './mounts'
import { namespacesOf } from './namespaces'
import { networkOf } from './network'
import { imageOf } from './ownImage'
import { placesHeld } from './places'
import { argsOf, cwdOf, oomScoreAdjOf, stopSignalOf } from './process'
import { imageName, snapshotterOf } from './questionsOf'
import { Request } from './Request'
import { rlimitsOf } from './rlimits'
import { Inspection, Task } from './Task'
import { userOf } from './user'

type Answer<A> = E.Either<Issues, A>

/**
 * Request × Facts → Task, or every reason why there is none. A question that nobody answered is an Issue with the way
 * to answer it.
 */
export const resolve = (request: Request, facts: Facts): Answer<Task> => {
  const name = imageName(request)
  const image = about(facts.images, name)
  const issues = unanswered(name, facts)
  if (isNonEmpty(issues)) return E.left(issues)
  if (image === undefined || facts.host === undefined)
    return E.left([Issue('BadValue', placeIn('facts'), undefined, 'the host or the image is not known')])
  return E.mapLeft(inOrder)(withFacts(request, facts, { name, ...image }, facts.host))
}

const inOrder = (issues: Issues): Issues => {
  const ordered = sorted(issues)
  return isNonEmpty(ordered) ? ordered : issues
}

type NamedImage = ImageFacts & { readonly name: string }

const withFacts = (request: Request, facts: Facts, image: NamedImage, host: HostFacts): Answer<Task> => {
  const cdi = cdiEdits(request, facts)
  const edits = E.isRight(cdi) ? cdi.right : NO_EDITS
  const files = driverFiles(request, host)
  const places = placesHeld(request, image, edits, files.map(({ mount }) => mount))
  const task = E.map((decided: Decided) => {
    const made = { files, inspection: inspectionOf(request, decided.mounts) }
    return finished(decided, edits, made, known(request, image, host), rangesOf(request.task.userns.value))
  })(collected({ places, cdi, ...decisions(request, facts, { image, host, edits }) }))
  return E.chain(sized)(task)
}

interface Seen {
  readonly image: NamedImage
  readonly host: HostFacts
  readonly edits: Edits
}

/** Every part of a task that something can be wrong with. */
const decisions = (request: Request, facts: Facts, { image, host, edits }: Seen) => ({
  args: argsOf(request.task, image.config),
  env: envOf(request.allocation.env, image.config, edits.env, {
    terminal: request.task.tty,
    hostname: hostnameOf(request, host)
  }),
  cwd: cwdOf(request.task, image),
  user: userOf(request, image, edits.additionalGids),
  oomScoreAdj: oomScoreAdjOf(request, host),
  rlimits: collectedList(rlimitsOf(limitsIn(request.task.ulimit), limitsIn(request.plugin.default_ulimit), host)),
  mounts: collectedList(mountsOf(request, facts, edits.mounts)),
  devices: collectedList(devicesOf(request, facts, edits)),
  limits: limitsOf(request, facts, host),
  confinement: confinementOf(request, facts, host),
  network: networkOf(request, facts),
  gateway: unless(gatewayIssues(request, host), true)
})

const limitsIn = (limits: Entries<NamedUlimit>): ReadonlyArray<NamedUlimit> => limits.map(({ value }) => value)

/** A task that the kernel can start. */
const sized = (task: Task): Answer<Task> => unless(tooMuch(task.args, task.env), task)

// V8 makes a new kind of object of every literal that begins with a spread, and whoever reads them is slow: so names
// first.
const finished = (
  decided: Decided, edits: Edits, { files, inspection }: Made, known: Known, ranges: ReadonlyArray<IdMapping>
): Task => ({
  args: decided.args,
  env: decided.env,
  cwd: decided.cwd,
  user: decided.user,
  oomScoreAdj: decided.oomScoreAdj,
  rlimits: decided.rlimits,
  limits: decided.limits,
  confinement: decided.confinement,
  network: decided.network,
  devices: onePerPlace(decided.devices.flat()),
  mounts: [...decided.mounts, ...files.map(({ mount }) => mount)],
  files: files.flatMap(({ file }) => file ?? []),
  inspection,
  ioOwner: ioOwnerOf(decided.user, ranges),
  hooks: edits.hooks,
  ...known
})

type Decided = Pick<
  Task,
  'args' | 'env' | 'cwd' | 'user' | 'oomScoreAdj' | 'rlimits' | 'mounts' | 'limits' | 'confinement'
  | 'network'
> & {
  readonly cdi: Edits
  readonly devices: ReadonlyArray<Task['devices']>
}

interface Made {
  readonly files: ReturnType<typeof driverFiles>
  readonly inspection: Inspection
}

type Known = Omit<Task, keyof Decided | keyof Made | 'devices' | 'hooks' | 'ioOwner'>

/** The parts of a task that nothing can be wrong with any more. */
const known = (request: Request, image: NamedImage, host: HostFacts): Known => {
  const { task, plugin, allocation } = request
  const containerId = containerIdOf(allocation)
  return {
    owner: allocation.id,
    containerId,
    image: imageOf(request, image),
    terminal: task.tty,
    hostname: ownName(request, host),
    domainname: task.domainname ?? '',
    stopSignal: stopSignalOf(image.config),
    readonlyRootfs: task.readonly_rootfs,
    shmSizeBytes: task.shm_size,
    namespaces: namespacesOf(task, host),
    sysctl: task.sysctl,
    cgroupsPath: cgroupsPathOf(allocation, host, containerId),
    stdout: allocation.stdoutPath,
    stderr: allocation.stderrPath,
    labels: labelsOf(allocation, task.labels, plugin.extra_labels),
    annotations: task.annotations,
    runtime: task.runtime ?? plugin.containerd_runtime,
    snapshotter: snapshotterOf(request)
  }
}

// In the host's own namespace of names nobody may set one.
const ownName = (request: Request, host: HostFacts): string =>
  request.task.uts_mode === 'host' ? '' : hostnameOf(request, host)

const ioOwnerOf = ({ uid, gid }: User, ranges: ReadonlyArray<IdMapping>): Task['ioOwner'] => ({
  uid: hostIdOf(ranges, uid) ?? uid, gid: hostIdOf(ranges, gid) ?? gid
})

const unsaid = (section: string, value: unknown, reason: string): Issue =>
  Issue('BadValue', placeIn('facts', section), value, reason)

const unanswered = (name: string, facts: Facts): ReadonlyArray<Issue> => [
  ...(facts.host === undefined ? [unsaid('host', undefined, 'nobody said what the host is')] : []),
  ...(about(facts.images, name) === undefined ? [unsaid('images', name, 'nobody said what is in the image')] : [])
]
