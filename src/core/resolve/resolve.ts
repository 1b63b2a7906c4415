import { sequenceS } from 'fp-ts/Apply'
import * as E from 'fp-ts/Either'
import * as NEA from 'fp-ts/NonEmptyArray'

import { Edits, NO_EDITS } from '../cdi/merged'
import { isNonEmpty, Issue, Issues, sorted } from '../domain/Issue'
import { IdMapping, User } from '../domain/Oci'
import { about, Facts, HostFacts, ImageFacts } from '../facts/Facts'
import { confinementOf } from './confinement'
import { cdiEdits, devicesOf, onePerPlace } from './devices'
import { driverFiles } from './files'
import { containerIdOf, labelsOf } from './identity'
import { inspectionOf } from './inspectionOf'
import { cgroupsPathOf, limitsOf } from './limits'
import { mountsOf } from './mounts'
import { namespacesOf } from './namespaces'
import { networkOf } from './network'
import { placesHeld } from './places'
import { argsOf, cwdOf, envOf, oomScoreAdjOf, stopSignalOf, tooMuch, userOf } from './process'
import { imageName, snapshotterOf } from './questionsOf'
import { Request } from './Request'
import { Inspection, Task } from './Task'
import { rlimitsOf } from './ulimits'
import { hostIdOf, mappingsOf } from './userns'

type Answer<A> = E.Either<Issues, A>

const parts = sequenceS(E.getApplicativeValidation(NEA.getSemigroup<Issue>()))

/**
 * Request × Facts → Task, or every reason why there is none. A question that nobody answered is an Issue with the way
 * to answer it.
 */
export const resolve = (request: Request, facts: Facts): Answer<Task> => {
  const name = imageName(request)
  const image = about(facts.images, name)
  const issues = unanswered(name, facts)
  return image === undefined || facts.host === undefined || isNonEmpty(issues)
    ? E.left(
        isNonEmpty(issues) ? issues : [Issue('Unanswered', 'facts', undefined, 'the host or the image is not known')]
      )
    : E.mapLeft(inOrder)(withFacts(request, facts, { name, ...image }, facts.host))
}

const inOrder = (issues: Issues): Issues => {
  const ordered = sorted(issues)
  return isNonEmpty(ordered) ? ordered : issues
}

type NamedImage = ImageFacts & { readonly name: string }

const withFacts = (request: Request, facts: Facts, image: NamedImage, host: HostFacts): Answer<Task> => {
  const { task, allocation } = request
  const cdi = cdiEdits(request, facts)
  const edits = E.isRight(cdi) ? cdi.right : NO_EDITS
  const files = driverFiles(request, host)
  const made = (decided: Decided): Made => ({ files, inspection: inspectionOf(request, decided.mounts) })
  return E.chain((decided: Decided) =>
    sized(finished(decided, edits, made(decided), known(request, image, host), mappingsOf(task.userns) ?? []))
  )(
    parts({
      places: many(
        placesHeld(
          request,
          image,
          edits,
          files.map(({ mount }) => mount)
        )
      ),
      cdi: many(cdi),
      args: one(argsOf(task, image.config)),
      env: many(envOf(allocation.env, image.config, edits.env, task.tty)),
      cwd: one(cwdOf(task, image)),
      user: many(userOf(request, image, edits.additionalGids)),
      stopSignal: one(stopSignalOf(image.config)),
      oomScoreAdj: one(oomScoreAdjOf(request, host)),
      rlimits: all(rlimitsOf(task.ulimit, request.plugin.default_ulimit, host)),
      mounts: all(mountsOf(request, facts, edits.mounts)),
      devices: all(devicesOf(request, facts, edits)),
      limits: many(limitsOf(request, facts, host)),
      confinement: many(confinementOf(request, facts, host))
    })
  )
}

/** A task that the kernel can start. */
const sized = (task: Task): Answer<Task> => {
  const issues = tooMuch(task.args, task.env)
  return isNonEmpty(issues) ? E.left(issues) : E.right(task)
}

// V8 makes a new kind of object of every literal that begins with a spread, and whoever reads them is slow: so names
// first.
const finished = (
  decided: Decided, edits: Edits, { files, inspection }: Made, known: Known, ranges: ReadonlyArray<IdMapping>
): Task => ({
  args: decided.args,
  env: decided.env,
  cwd: decided.cwd,
  user: decided.user,
  stopSignal: decided.stopSignal,
  oomScoreAdj: decided.oomScoreAdj,
  rlimits: decided.rlimits,
  limits: decided.limits,
  confinement: decided.confinement,
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
  'args' | 'env' | 'cwd' | 'user' | 'stopSignal' | 'oomScoreAdj' | 'rlimits' | 'mounts' | 'limits' | 'confinement'
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
    image: { name: image.name, digest: image.digest, chainId: image.chainId },
    terminal: task.tty,
    hostname: task.hostname ?? '',
    domainname: task.domainname ?? '',
    readonlyRootfs: task.readonly_rootfs,
    shmSizeBytes: task.shm_size,
    network: networkOf(request),
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

const ioOwnerOf = ({ uid, gid }: User, ranges: ReadonlyArray<IdMapping>): Task['ioOwner'] => ({
  uid: hostIdOf(ranges, uid) ?? uid, gid: hostIdOf(ranges, gid) ?? gid
})

const one = <A>(outcome: E.Either<Issue, A>): Answer<A> => E.mapLeft((issue: Issue): Issues => [issue])(outcome)

const many = <A,>(outcome: E.Either<ReadonlyArray<Issue>, A>): Answer<A> =>
  E.mapLeft((issues: ReadonlyArray<Issue>): Issues =>
    isNonEmpty(issues) ? issues : [Issue('BadValue', 'task', undefined, 'is refused')]
  )(outcome)

const all = <A,>(outcomes: ReadonlyArray<E.Either<Issue, A>>): Answer<ReadonlyArray<A>> => {
  const issues = outcomes.flatMap((outcome) => (E.isLeft(outcome) ? [outcome.left] : []))
  return isNonEmpty(issues)
    ? E.left(issues)
    : E.right(outcomes.flatMap((outcome) => (E.isRight(outcome) ? [outcome.right] : [])))
}

const unanswered = (name: string, facts: Facts): ReadonlyArray<Issue> => [
  ...(facts.host === undefined ? [Issue('Unanswered', 'facts.host', undefined, 'nobody said what the host is')] : []),
  ...(about(facts.images, name) === undefined
    ? [Issue('Unanswered', 'facts.images', name, 'nobody said what is in the image')]
    : [])
]
