import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import * as t from 'io-ts'

import { Failure } from '../../core/domain/Failure'
import { OWNER } from '../../core/domain/labels'
import { Act } from '../../core/plan/Step'
import { Any } from '../../generated/containerd/containerd'
import { Container } from '../../generated/containerd/containers'
import { Options } from '../../generated/containerd/runc'
import { Clock } from '../ports/Clock'
import { isOwn, Learnt } from '../ports/Learnt'
import { Materials } from '../ports/Machine'
import { specBehind } from '../ports/materialBehind'
import { call, orAbsent, orDone } from './call'
import { Containerd } from './Containerd'
import { labelFilter } from './labelFilter'

const SPEC = 'types.containerd.io/opencontainers/runtime-spec/1/Spec'
const RUNC_OPTIONS = 'containerd.runc.v1.Options'

/** A container record; undefined when there is none. */
export const get = (containerd: Containerd, id: string): TE.TaskEither<Failure, Container | undefined> =>
  pipe(
    orAbsent(call(containerd, `look for container ${id}`, ['containers', 'get'], { id })),
    TE.map((answer) => answer?.container)
  )

/** Creates a record with the spec that the act names. One that exists counts when it is the same, of the same owner. */
export const create =
  (
    containerd: Containerd,
    act: Act<'CreateContainer'>,
    owner: string,
    materials: Materials
  ): TE.TaskEither<Failure, void> =>
  async () => {
    const doing = `create container ${act.container}`
    if (act.labels[OWNER] !== owner)
      return E.left(Failure('Invalid', doing, 'its labels do not name the owner of the plan'))
    const spec = specBehind(materials, act.spec, doing)
    if (E.isLeft(spec)) return spec
    const container = recordOf(act, spec.right)
    const outcome = await call(containerd, doing, ['containers', 'create'], { container })()
    if (E.isRight(outcome)) return E.right(undefined)
    if (outcome.left._tag !== 'AlreadyExists') return outcome
    const found = await get(containerd, act.container)()
    return E.isRight(found) && found.right !== undefined && isSame(found.right, container)
      ? E.right(undefined)
      : outcome
  }

const recordOf = (
  { container, labels, image, runtime, options, snapshotter, key }: Act<'CreateContainer'>,
  spec: string
): Container =>
  Container.fromPartial({
    id: container,
    labels: { ...labels },
    image,
    runtime: { name: runtime, options: optionsOf(options) },
    spec: { typeUrl: SPEC, value: Buffer.from(spec) },
    snapshotter,
    snapshotKey: key
  })

/** Labels may have been added since. */
const isSame = (found: Container, wanted: Container): boolean => {
  const labels = Object.fromEntries(Object.keys(wanted.labels).map((name) => [name, found.labels[name] ?? '']))
  return Buffer.from(Container.encode({ ...found, labels }).finish()).equals(Container.encode(wanted).finish())
}

const optionsOf = (options: Act<'CreateContainer'>['options']): Any | undefined =>
  options._tag === 'None'
    ? undefined
    : {
        typeUrl: RUNC_OPTIONS,
        value: Buffer.from(Options.encode(Options.fromPartial({ ioUid: options.ioUid, ioGid: options.ioGid })).finish())
      }

/** Sets one label of a container; a container that is gone needs none. */
export const label = (containerd: Containerd, id: string, key: string, value: string): TE.TaskEither<Failure, void> =>
  orDone('NotFound')(
    call(containerd, `label container ${id}`, ['containers', 'update'], {
      container: Container.fromPartial({ id, labels: { [key]: value } }), updateMask: { paths: [`labels.${key}`] }
    })
  )

export const isOf = ({ labels }: Container, owner: string): boolean => labels[OWNER] === owner

/**
 * Whether the processes of a container are processes of this host: other runtimes may have them in a virtual machine.
 */
export const isRunc = ({ runtime }: Container): boolean => OF_HOST.test(runtime?.name ?? '')

// By the name of its shim, or by the path of it.
const OF_HOST = /(?:^io\.containerd\.|\/containerd-shim-)(?:runc|crun)[.-]/

/** Whose container it has to be, and when that was asked last. */
export interface Asking {
  readonly owner: string
  readonly clock: Pick<Clock, 'now'>
  readonly learnt?: Learnt | undefined
}

/** Whether this owner made a container. One that is gone is nobody's. Asked once in a second. */
export const isOwned = (
  containerd: Containerd, id: string, { owner, clock, learnt }: Asking
): TE.TaskEither<Failure, boolean> => async () => {
  if (learnt?.knows(isOwn(id, owner), clock.now()) === true) return E.right(true)
  const found = await get(containerd, id)()
  if (E.isLeft(found)) return found
  const isOurs = found.right !== undefined && isOf(found.right, owner)
  if (isOurs) learnt?.note(isOwn(id, owner), clock.now())
  return E.right(isOurs)
}

/** Runs `act` only on a container that this owner made. What is gone or another owner's is left alone. */
export const ifOwn = (
  containerd: Containerd, id: string, asking: Asking, act: TE.TaskEither<Failure, void>
): TE.TaskEither<Failure, void> =>
  pipe(isOwned(containerd, id, asking), TE.chain((isOurs) => (isOurs ? act : TE.right(undefined))))

/** Deletes a container record of this owner. */
export const removeOwn = (containerd: Containerd, id: string, asking: Asking): TE.TaskEither<Failure, void> =>
  ifOwn(containerd, id, asking, orDone('NotFound')(
    call(containerd, `delete container ${id}`, ['containers', 'delete'], { id })
  ))

/** The containers with this label. */
export const withLabel = (
  containerd: Containerd,
  key: string,
  value: string
): TE.TaskEither<Failure, ReadonlyArray<Container>> =>
  pipe(
    call(containerd, `look for containers with ${key}`, ['containers', 'list'], {
      filters: [labelFilter(key, value)]
    }),
    TE.map(({ containers }) => containers)
  )

/**
 * The containers that have this label, with a value that begins like this when `start` is not empty (letters, digits
 * and `-`).
 */
export const labelled = (
  containerd: Containerd,
  key: string,
  start = ''
): TE.TaskEither<Failure, ReadonlyArray<Container>> =>
  pipe(
    call(containerd, `look for containers with ${key}`, ['containers', 'list'], {
      filters: [`labels.${JSON.stringify(key)}${start === '' ? '' : `~=${JSON.stringify(`^${start}`)}`}`]
    }),
    TE.map(({ containers }) => containers)
  )

/** A part of the spec that a container has; Left where it has none, or another one. */
export const decodedSpec = <A>(part: t.Decoder<unknown, A>, spec: Container['spec']): t.Validation<A> =>
  E.chain((value: unknown) => part.decode(value))(
    E.tryCatch((): unknown => JSON.parse(Buffer.from(spec?.value ?? []).toString('utf8')), () => [])
  )

const grouped = t.type({ linux: t.type({ cgroupsPath: t.string }) })

/** The cgroup of a container whose processes live in it, as its spec names it; undefined for others. */
export const cgroupsPathOf = (container: Container): string | undefined => {
  const decoded = isRunc(container) ? decodedSpec(grouped, container.spec) : undefined
  return decoded === undefined || E.isLeft(decoded) ? undefined : decoded.right.linux.cgroupsPath
}

const mounted = t.type({ mounts: t.array(t.type({ source: t.string })) })

/** The host paths that a container mounts, as its spec names them. */
export const sourcesOf = ({ spec }: Container): ReadonlyArray<string> => {
  const decoded = decodedSpec(mounted, spec)
  return E.isLeft(decoded) ? [] : decoded.right.mounts.map(({ source }) => source)
}
