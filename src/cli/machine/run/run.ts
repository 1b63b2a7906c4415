import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../../core/domain/Failure'
import * as explain from '../../../core/report/explain'
import { noticesOf } from '../../../core/resolve/noticesOf'
import { imageName, snapshotterOf } from '../../../core/resolve/questionsOf'
import * as Request from '../../../core/resolve/Request'
import { connect, Containerd } from '../../../effects/containerd/Containerd'
import * as leases from '../../../effects/containerd/leases'
import { busyboxImage, busyboxPath } from '../../../effects/dev/busyboxImage'
import { startContainerd } from '../../../effects/dev/PrivateContainerd'
import { importImage } from '../../../effects/image/importImage'
import { unpackImage } from '../../../effects/image/unpack'
import { livePorts } from '../../../effects/livePorts'
import { Place } from '../../../effects/ports/Ports'
import { LoadOptions } from '../../load/Loaded'
import { oneTask } from '../../load/tasksOf'
import { Output, refused } from '../../output/Output'
import { planCommand } from '../../plan/plan'
import { makeRunDirs, RunDirs } from './runDirs'
import { runTask } from './runTask'

const say = (text: string): void => { process.stderr.write(text) }

/** `run`: runs a task of a job as the plugin would and exits with its exit code. */
export const runCommand = async (input: string, options: LoadOptions & { readonly dev?: boolean }): Promise<Output> => {
  if (process.getuid?.() !== 0) return withoutRoot(input, options)
  const given = await oneTask(input, options)
  if (E.isLeft(given)) return refused(given.left)
  const dirs = makeRunDirs(given.right.offline.documents.allocation)
  try {
    const documents = Request.withoutUnknown({ ...given.right.offline.documents, allocation: dirs.allocation })
    const request = E.chain(Request.decode)(documents)
    if (E.isLeft(request)) return refused(explain.issues(request.left))
    for (const notice of noticesOf(request.right)) say(`${explain.notice(notice)}\n`)
    return await inContainerd(request.right, dirs, options.dev === true)
  } finally {
    dirs.remove()
  }
}

const inContainerd = async (request: Request.Request, dirs: RunDirs, dev: boolean): Promise<Output> => {
  const open = dev ? await privately(request) : E.right(there(request))
  if (E.isLeft(open)) return refused(`${open.left}\n`)
  const ports = livePorts((_level, message, details) => {
    say(`${[message, ...Object.values(details ?? {})].join(': ')}\n`)
  })
  try {
    const ran = await runTask(ports, open.right.place, dev ? withoutRegistry(request) : request, dirs)
    return E.isLeft(ran)
      ? { stdout: '', stderr: ran.left.text, exitCode: ran.left.exitCode }
      : { stdout: '', stderr: '', exitCode: ran.right }
  } finally {
    ports.close()
    await open.right.close()
  }
}

// The image was made here: no registry has it.
const withoutRegistry = (request: Request.Request): Request.Request =>
  ({
    ...request,
    task: { ...request.task, pull_policy: 'missing', force_pull: false },
    plugin: { ...request.plugin, images: { ...request.plugin.images, require_login: false, verifier: undefined } }
  })

const withoutRoot = async (input: string, options: LoadOptions): Promise<Output> => {
  const plan = await planCommand([input], options)
  const note =
    'not root: this is the plan only. As root, the task would run in containerd, its output would stand here, then its exit code.\n'
  return { ...plan, stderr: plan.stderr + note }
}

interface Open {
  readonly place: Place
  readonly close: () => Promise<void>
}

const there = ({ plugin: { address, namespace } }: Request.Request): Open => ({
  place: { address, namespace },
  close: () => Promise.resolve()
})

const DEV_LEASE = 'dev'
const DEV_LEASE_SECONDS = 600
const DEV_BOUNDS = { timeoutMs: 60_000, maxLayers: 1, maxBytes: -1, parallel: 1 }

/**
 * A private containerd that has the task's image, made here from the machine's static busybox; Left says why there is
 * none.
 */
const privately = async (request: Request.Request): Promise<E.Either<string, Open>> => {
  const busybox = busyboxPath()
  if (busybox === undefined) return E.left('there is no static busybox to make an image from; install busybox-static')
  const daemon = await startContainerd().catch((thrown: unknown) =>
    thrown instanceof Error ? thrown.message : String(thrown)
  )
  if (typeof daemon === 'string') return E.left(daemon)
  say(`private containerd in ${daemon.dir}\n`)
  const close = async (): Promise<void> => {
    await daemon.stop()
    say('private containerd stopped, its directory removed\n')
  }
  const containerd = connect(daemon.address, daemon.namespace)
  const made = await makeImage(containerd, imageName(request), snapshotterOf(request), busybox)
  containerd.close()
  if (E.isRight(made)) return E.right({ place: { address: daemon.address, namespace: daemon.namespace }, close })
  await close()
  return E.left(explain.failure(made.left))
}

const makeImage = async (
  containerd: Containerd, name: string, snapshotter: string, busybox: string
): Promise<E.Either<Failure, void>> => {
  const image = await busyboxImage(name, busybox)
  const steps = [
    leases.hold(containerd, DEV_LEASE, DEV_LEASE, DEV_LEASE_SECONDS),
    importImage(containerd, image, DEV_LEASE),
    unpackImage(containerd, { name, snapshotter, lease: DEV_LEASE, ...DEV_BOUNDS }),
    leases.release(containerd, DEV_LEASE)
  ]
  const outcome = await steps.reduce((before, next) => TE.chain(() => next)(before))()
  if (E.isRight(outcome)) say(`image ${name} made from ${busybox}\n\n`)
  return outcome
}
