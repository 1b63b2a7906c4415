import { ChildProcess, spawn } from 'node:child_process'
import { close, constants, open } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'

import { Failure } from '../../core/domain/Failure'
import { Mount } from '../../generated/containerd/containerd'
import { Thrown } from '../ports/Thrown'

const DOING = 'look into the image'

// Where the view is mounted in that namespace of mounts: a directory that every host has, so that nothing is made which
// could stay.
const PLACE = '/sys'

// $1 is the place; then type, options and source of every mount. Whoever waits for us keeps our stdin open.
const SCRIPT = `place=$1; shift
while [ $# -gt 0 ]; do mount -i -n -t "$1" -o "$2" "$3" "$place" || exit 1; shift 3; done
cd "$place" && echo mounted && read -r _`

const READY_MS = 30_000

/** Whether the files of what is mounted may be changed. */
export type Access = 'ro' | 'rw'

/**
 * Mounts a snapshot where nobody else sees it, read-only unless said, gives its root as a directory to work with, and
 * takes it back: a process with a namespace of mounts of its own mounts it, and is ended as soon as the root is open.
 * Nothing of it can outlive this process. Throws `Thrown` where the view cannot be mounted.
 */
export const inMountedView = async <A,>(
  mounts: ReadonlyArray<Mount>,
  work: (root: string) => Promise<A>,
  access: Access = 'ro'
): Promise<A> => {
  const helper = mounts.find(({ type }) => /fuse|\//.test(type))
  if (helper !== undefined || mounts.length === 0) {
    throw refused(
      `the snapshotter gives a view of type ${JSON.stringify(helper?.type ?? '')}, which util-linux cannot mount; use the snapshotter overlayfs or native`
    )
  }
  const root = await rootOf(mounts, access)
  try {
    return await work(`/proc/self/fd/${String(root)}`)
  } finally {
    await promisify(close)(root)
  }
}

const refused = (detail: string): Thrown => new Thrown(Failure('Invalid', DOING, detail))

const rootOf = async (mounts: ReadonlyArray<Mount>, access: Access): Promise<number> => {
  const { cwd, all } = near(mounts)
  const args = all.flatMap(({ type, source, options }) => [
    type,
    [...options, access, 'nosuid', 'nodev', 'noexec'].join(','),
    source
  ])
  const child = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', SCRIPT, 'sh', PLACE, ...args], {
    // A group of its own: ended as a whole, and not by a Ctrl-C on Nomad's agent.
    cwd,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    // Newer util-linux would hand a long list of layers to the kernel in pieces that it refuses.
    env: { PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', LIBMOUNT_FORCE_MOUNT2: 'always' }
  })
  try {
    await mounted(child)
    return await promisify(open)(`/proc/${String(child.pid)}/cwd`, constants.O_RDONLY | constants.O_DIRECTORY)
  } finally {
    await ended(child)
  }
}

const END_MS = 5000

/** Ends the process and what it started; one that hangs in the kernel is not waited for longer than 5 seconds. */
const ended = async (child: ChildProcess): Promise<void> => {
  child.stdin?.destroy()
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => { child.once('exit', () => { resolve() }) })
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It ended by itself a moment ago.
  }
  const timer = new AbortController()
  await Promise.race([gone, setTimeout(END_MS, undefined, { signal: timer.signal }).catch(() => undefined)])
  timer.abort()
}

const MAX_SAID = 4096

/** Resolves when the process says that all is mounted. */
const mounted = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = ''
    const timer = globalThis.setTimeout(() => {
      reject(new Thrown(Failure('TimedOut', DOING, `mounting its view took longer than ${String(READY_MS)} ms`)))
    }, READY_MS)
    const settle = (done: () => void) => (): void => {
      clearTimeout(timer)
      done()
    }
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(0, MAX_SAID)
    })
    child.stdin?.on('error', () => undefined)
    child.stdout?.once('data', settle(resolve))
    child.once('error', ({ message }) => {
      settle(() => {
        reject(refused(`its view cannot be mounted: ${message}; install util-linux`))
      })()
    })
    child.once('close', () => {
      settle(() => {
        reject(refused(`its view cannot be mounted: ${said.trim()}`))
      })()
    })
  })

interface Near {
  readonly cwd: string
  readonly all: ReadonlyArray<Mount>
}

/** The layers of an overlay named from the directory that holds them all: the kernel takes one page of options. */
const near = (mounts: ReadonlyArray<Mount>): Near => {
  const [mount] = mounts
  const layers =
    mount?.options
      .find((option) => option.startsWith(LOWER))
      ?.slice(LOWER.length)
      .split(':') ?? []
  const base = sharedBase(layers)
  if (mount === undefined || mounts.length > 1 || mount.type !== 'overlay' || base === '')
    return { cwd: '/', all: mounts }
  const lower = `${LOWER}${layers.map((layer) => layer.slice(base.length + 1)).join(':')}`
  return {
    cwd: base,
    all: [{ ...mount, options: mount.options.map((option) => (option.startsWith(LOWER) ? lower : option)) }]
  }
}

const LOWER = 'lowerdir='

/** The directory that holds all of these paths; `""` when it is the root, or one of them is not absolute. */
const sharedBase = (paths: ReadonlyArray<string>): string => {
  const [first = [], ...rest] = paths.map((path) => path.split('/'))
  const differs = first.findIndex((part, index) => rest.some((other) => other[index] !== part))
  const shared = first.slice(
    0,
    Math.min(differs < 0 ? first.length : differs, ...[first, ...rest].map(({ length }) => length - 1))
  )
  return shared[0] === '' ? shared.join('/') : ''
}
