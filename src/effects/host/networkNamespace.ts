import { promises } from 'node:fs'
import { dirname } from 'node:path'

import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { codeOf, Thrown } from '../ports/Thrown'
import { runProgram } from './runProgram'
import { systemCall, unless } from './systemCall'

const DIRECTORY = 0o755

/** The magic number of a file that is a namespace (statfs(2), NSFS_MAGIC). */
const NSFS = 0x6e736673

/**
 * Makes a network namespace that a file holds, `/var/run/netns/<container>`, as `ip netns add` does. One that is there
 * counts.
 */
export const makeNamespace = ({ path }: { readonly path: string }): TE.TaskEither<Failure, void> => () =>
  systemCall(`make network namespace ${path}`, async () => {
    if (!(await hasNamespace(path))) await made(`make network namespace ${path}`, path, ['true'])
  })

/** Holds the network namespace of a process by a file. What the file held before is let go. */
export const holdNamespace = async (doing: string, path: string, pid: number): Promise<void> => {
  await removed(doing, path)
  await place(path)
  await run(doing, 'mount', ['--no-canonicalize', '--bind', `/proc/${String(pid)}/ns/net`, path])
}

const HOSTS: ReadonlyArray<string> = ['/proc/self/ns/net', '/proc/1/ns/net']

/** Whether the namespace that a file holds is that of the host, or of this process. */
export const isOfHost = async (path: string): Promise<boolean> => {
  const found = await promises.stat(path)
  const hosts = await Promise.all(HOSTS.map((file) => promises.stat(file).catch(unless('ENOENT', 'EACCES', 'EPERM'))))
  return hosts.some((host) => host !== undefined && host.ino === found.ino && host.dev === found.dev)
}

const place = async (path: string): Promise<void> => {
  await promises.mkdir(dirname(path), { recursive: true, mode: DIRECTORY })
  await (await promises.open(path, 'a', 0o444)).close()
}

const made = async (doing: string, path: string, program: ReadonlyArray<string>): Promise<void> => {
  await place(path)
  await run(doing, 'unshare', [`--net=${path}`, ...program])
}

/** Whether a file holds a namespace. */
export const hasNamespace = async (path: string): Promise<boolean> => {
  const found = await promises.statfs(path).catch(unless('ENOENT', 'ENOTDIR'))
  return found?.type === NSFS
}

/** Makes a namespace with one device that has these addresses, where one was lost; without iproute2 an empty one. */
export const standIn = async (
  doing: string, path: string, device: string, addresses: ReadonlyArray<string>
): Promise<void> => {
  const lines = [
    `ip link add ${device} type bridge`,
    ...addresses.map((address) => `ip address add ${address} dev ${device}`)
  ]
  const words = addresses.every((address) => /^[0-9a-fA-F.:/]+$/.test(address)) ? lines : []
  await made(doing, path, ['sh', '-c', [...words, 'true'].join(' && ')]).catch(() => undefined)
}

const MOST_LAYERS = 16

/** Takes a namespace away, with what is in it once no process is. Gone is fine. */
export const removeNamespace = (path: string): TE.TaskEither<Failure, void> => () =>
  systemCall(`remove network namespace ${path}`, () => removed(`remove network namespace ${path}`, path))

const removed = async (doing: string, path: string): Promise<void> => {
  for (let layer = 0; layer < MOST_LAYERS; layer += 1) {
    if (await isRemoved(path)) return
    await run(doing, 'umount', ['--no-canonicalize', '--lazy', path])
  }
  throw new Thrown(Failure('Unknown', doing, `${path} is still mounted`))
}

const isRemoved = (path: string): Promise<boolean> =>
  promises.unlink(path).then(
    () => true,
    (thrown: unknown) => {
      if (codeOf(thrown) === 'ENOENT') return true
      if (codeOf(thrown) === 'EBUSY') return false
      throw thrown
    }
  )

/** Runs a program of util-linux. */
const run = (doing: string, program: 'mount' | 'unshare' | 'umount', args: ReadonlyArray<string>): Promise<void> =>
  runProgram({ doing, program, args, from: 'util-linux' })
