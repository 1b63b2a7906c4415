import * as E from 'fp-ts/Either'

import * as explain from '../core/report/explain'
import { imageName } from '../core/resolve/questionsOf'
import * as Request from '../core/resolve/Request'
import { connect, Containerd } from '../effects/containerd/Containerd'
import * as leases from '../effects/containerd/leases'
import { busyboxImage, busyboxPath } from '../effects/dev/busyboxImage'
import { startContainerd } from '../effects/dev/PrivateContainerd'
import { importImage } from '../effects/image/importImage'
import { unpackImage } from '../effects/image/unpack'
import { CaseOptions } from './Case'
import { planCommand } from './commands'
import { Output, refused } from './Output'
import { readCase } from './readCase'
import { makeRunDirs } from './runDirs'
import { runTask } from './runTask'

const say = (text: string): void => { process.stderr.write(text) }

/** `run`: runs a task of a job as the plugin would and exits with its exit code. */
export const runCommand = async (input: string, options: CaseOptions & { readonly dev?: boolean }): Promise<Output> => {
  if (process.getuid?.() !== 0) return withoutRoot(input, options)
  const given = await readCase(input, options)
  if (E.isLeft(given)) return refused(given.left)
  const dirs = makeRunDirs(given.right.documents.allocation)
  try {
    const request = Request.decode({ ...given.right.documents, allocation: dirs.allocation })
    if (E.isLeft(request)) return refused(explain.issues(request.left))
    const open = options.dev === true ? await privately(request.right) : there(request.right)
    try {
      const ran = await runTask(open.containerd, request.right, dirs)
      return E.isLeft(ran) ? { stdout: '', stderr: ran.left.text, exitCode: ran.left.exitCode } : { stdout: '', stderr: '', exitCode: ran.right }
    } finally {
      await open.close()
    }
  } catch (thrown) {
    return refused(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
  } finally {
    dirs.remove()
  }
}

const withoutRoot = async (input: string, options: CaseOptions): Promise<Output> => {
  const plan = await planCommand(input, options)
  const note = 'not root: this is the plan only. As root, the task would run in containerd, its output would stand here, then its exit code.\n'
  return { ...plan, stderr: plan.stderr + note }
}

interface Open {
  readonly containerd: Containerd
  readonly close: () => Promise<void>
}

const there = ({ plugin }: Request.Request): Open => {
  const containerd = connect(plugin.address, plugin.namespace)
  return { containerd, close: () => { containerd.close(); return Promise.resolve() } }
}

const DEV_LEASE = 'dev'
const DEV_LEASE_SECONDS = 600

/** A private containerd that has the task's image: one made here from the machine's static busybox. */
const privately = async (request: Request.Request): Promise<Open> => {
  const busybox = busyboxPath()
  if (busybox === undefined) throw new Error('there is no static busybox to make an image from; install busybox-static')
  const daemon = await startContainerd()
  say(`private containerd in ${daemon.dir}\n`)
  const containerd = connect(daemon.address, daemon.namespace)
  const close = async (): Promise<void> => {
    containerd.close()
    await daemon.stop()
    say('private containerd stopped, its directory removed\n')
  }
  const name = imageName(request)
  const { snapshotter } = request.plugin
  const made = await busyboxImage(name, busybox)
  const steps = [
    leases.hold(containerd, DEV_LEASE, DEV_LEASE, DEV_LEASE_SECONDS),
    importImage(containerd, made, DEV_LEASE),
    unpackImage(containerd, { name, snapshotter, lease: DEV_LEASE }),
    leases.release(containerd, DEV_LEASE)
  ]
  for (const step of steps) {
    const outcome = await step()
    if (E.isLeft(outcome)) {
      await close()
      throw new Error(explain.failure(outcome.left))
    }
  }
  say(`image ${name} made from ${busybox}\n\n`)
  return { containerd, close }
}
