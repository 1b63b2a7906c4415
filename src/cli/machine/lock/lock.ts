import { existsSync } from 'node:fs'

import * as E from 'fp-ts/Either'

import { changesOf, findingsOf, line, told } from '../../../core/lock/Change'
import * as Lock from '../../../core/lock/Lock'
import { disk } from '../../load/Files'
import { readLock } from '../../load/readLock'
import { TaskOptions } from '../../load/taskDocuments'
import { ok, Output, refused } from '../../output/Output'
import { writeDocument } from '../../output/writeDocument'
import { digestsOf, entriesOf } from './lockedImages'
import { Wanted, wantedOf } from './wantedImages'

/** The options of `lock`. `accounts` is false with `--no-accounts`. */
export interface LockOptions extends TaskOptions {
  readonly lock: string
  readonly check?: boolean
  readonly upgrade?: boolean
  readonly keep?: boolean
  readonly accounts?: boolean
  readonly platform?: string
}

/**
 * `lock`: writes down what the image names of jobs stand for, or with `check` tells what is different now. Speaks to
 * registries only.
 */
export const lockCommand = async (inputs: ReadonlyArray<string>, options: LockOptions): Promise<Output> => {
  const file = options.lock
  const { platform } = options
  if (platform !== undefined && !Lock.isPlatform(platform))
    return refused(`--platform ${platform}: must be linux/<architecture>[/<variant>], such as linux/arm64\n`)
  const wanted = await wantedOf(inputs, options)
  if (E.isLeft(wanted)) return refused(wanted.left)
  if (options.check === true && !existsSync(file))
    return refused(`${file}: no such file; write it with: containerd-driver lock ${inputs.join(' ')}\n`)
  const lock = existsSync(file) ? readLock(disk, file) : E.right(Lock.empty(platform ?? Lock.USUAL_PLATFORM))
  if (E.isLeft(lock)) return refused(lock.left)
  const { images, notices } = wanted.right
  const output =
    options.check === true
      ? await check(lock.right, images, options, file)
      : await update(lock.right, images, options, file)
  return { ...output, stderr: notices + output.stderr }
}

const check = async (
  lock: Lock.Lock,
  images: ReadonlyArray<Wanted>,
  { keep, platform }: LockOptions,
  file: string
): Promise<Output> => {
  if (platform !== undefined && platform !== lock.platform)
    return refused(`--platform ${platform}: ${file} is for ${lock.platform}\n`)
  const now = await digestsOf(images, lock.platform)
  if (E.isLeft(now)) return refused(now.left)
  const findings = findingsOf(lock, Object.fromEntries(now.right)).filter(
    ({ _tag }) => !(keep === true && _tag === 'IsUnused')
  )
  if (findings.length === 0) return ok(`${file}: ${counted(images.length)} as locked\n`)
  const command = `containerd-driver lock${findings.some(({ _tag }) => _tag === 'HasMoved') ? ' --upgrade' : ''} JOB…`
  return {
    stdout: findings.map((one) => `${told(one)}\n`).join(''),
    stderr: `${file}: is not what the jobs and registries say; to take it: ${command}\n`,
    exitCode: 1
  }
}

const update = async (
  before: Lock.Lock,
  images: ReadonlyArray<Wanted>,
  options: LockOptions,
  file: string
): Promise<Output> => {
  if (images.length === 0 && options.keep !== true)
    return refused(`${file}: is left as it is: none of the jobs has a task of this driver\n`)
  const platform = options.platform ?? before.platform
  if (options.keep === true && platform !== before.platform && hasUsual(before)) {
    return refused(
      `--platform ${platform}: --keep would keep entries of ${before.platform} in ${file}; name their jobs too, or write another file with -o\n`
    )
  }
  const entries = await entriesOf(images, {
    from: before,
    platform,
    accounts: options.accounts !== false,
    upgrade: options.upgrade === true
  })
  if (E.isLeft(entries)) return refused(entries.left)
  const kept = options.keep === true ? before.images : {}
  const after: Lock.Lock = { version: 1, platform, images: { ...kept, ...Object.fromEntries(entries.right) } }
  const outcome = writeDocument(file, Lock.encode(after))
  if (E.isLeft(outcome)) return refused(`${outcome.left}\n`)
  const lines = changesOf(before, after).map((one) => `${line(one)}\n`).join('')
  return ok(`${lines}${file}: ${counted(Object.keys(after.images).length)}, ${outcome.right}\n`)
}

/** Whether entries are there that are for the platform of the file. */
const hasUsual = ({ images }: Lock.Lock): boolean =>
  Object.values(images).some(({ platform }) => platform === undefined)

const counted = (many: number): string => `${String(many)} ${many === 1 ? 'image' : 'images'}`
