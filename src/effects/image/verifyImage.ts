import { promises } from 'node:fs'
import { join } from 'node:path'

import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Act } from '../../core/plan/Step'
import { NO_VERIFIER, Verifier } from '../../core/plan/Verifier'
import { Containerd } from '../containerd/Containerd'
import { codeOf, failureOf, messageOf, Thrown } from '../ports/Thrown'
import { askVerifier, Question } from './askVerifier'
import { imageNamed } from './StoredImage'

/** For which task it is asked, what ends it, and what is said when it goes wrong. */
export interface Asking {
  readonly owner: string
  readonly signal: AbortSignal
  readonly doing: string
}

/**
 * Asks every verifier whether an image may come for this task, one after the other. Throws `Thrown`: Denied in the
 * verifier's own words, or why one could not answer. The start that comes after it need not ask again.
 */
export const letIn = async (
  question: Question, verifier: Verifier | undefined, { owner, signal, doing }: Asking
): Promise<void> => {
  if (verifier === undefined || verifier.binDir === '') return
  await asked(question, verifier, { signal, doing })
  remember(keyOf(question, verifier, owner))
}

/** Asks about an image that is here, and that has to be what was compiled where the act names a digest. */
export const verifyImage = (
  containerd: Containerd, { name, digest, verifier }: Act<'VerifyImage'>, { owner, signal }: Omit<Asking, 'doing'>
): TE.TaskEither<Failure, void> => async () => {
  const doing = `verify image ${name}`
  const found = await imageNamed(containerd, name)()
  if (E.isLeft(found)) return found
  const descriptor = found.right?.target
  if (descriptor === undefined) return E.left(Failure('NotFound', doing, 'containerd has no image of this name'))
  if (digest !== '' && descriptor.digest !== digest)
    return E.left(Failure('Unavailable', doing, `it is ${descriptor.digest} by now, and was ${digest} a moment ago`))
  const question = { name, descriptor: { ...descriptor, size: Number(descriptor.size) } }
  try {
    if (digest === '') await letIn(question, verifier, { owner, signal, doing })
    else if (!wasLetIn(keyOf(question, verifier, owner))) await asked(question, verifier, { signal, doing })
    return E.right(undefined)
  } catch (thrown) {
    return E.left(failureOf(thrown, doing))
  }
}

const asked = async (
  question: Question, verifier: Verifier, { signal, doing }: Omit<Asking, 'owner'>
): Promise<void> => {
  const { binDir, timeoutMs } = verifier
  for (const program of await verifiersIn(verifier, doing)) {
    const { code, said } = await askVerifier(join(binDir, program), question, { doing, timeoutMs, signal })
    if (code === 0) continue
    const words = said === '' ? 'it gave no reason' : said
    const how = typeof code === 'number' ? `exit code ${String(code)}` : code
    const what = `verifier ${program} of ${binDir} does not let ${question.descriptor.digest} in (${how})`
    throw new Thrown(Failure('Denied', doing, `${what}: ${words}`))
  }
}

/** Nobody to be asked is no consent: the operator wants somebody to be. */
const verifiersIn = async (
  { binDir, maxVerifiers }: Verifier, doing: string
): Promise<ReadonlyArray<string>> => {
  const names = await promises.readdir(binDir).catch((thrown: unknown) => {
    const why = codeOf(thrown) === 'ENOENT' ? 'does not exist' : `cannot be read: ${messageOf(thrown)}`
    throw new Thrown(Failure('Invalid', doing, `${DIRECTORY} ${binDir} ${why}; no image is let in`))
  })
  const chosen = names.sort().slice(0, maxVerifiers < 0 ? names.length : maxVerifiers)
  if (chosen.length > 0) return chosen
  const none = names.length === 0 ? `${DIRECTORY} ${binDir} has no verifier` : `${MOST} is 0`
  throw new Thrown(Failure('Invalid', doing, `${none}; no image is let in`))
}

const DIRECTORY = 'the plugin option `images.verifier.bin_dir`:'
const MOST = 'the plugin option `images.verifier.max_verifiers`'

const REMEMBERED_MS = 300_000
const MOST_REMEMBERED = 1000

/** What was let in for a task that has not used it yet, and until when that counts. */
const passed = new Map<string, number>()

const keyOf = ({ name, descriptor: { digest } }: Question, verifier: Verifier = NO_VERIFIER, owner: string): string =>
  JSON.stringify([owner, name, digest, verifier])

const remember = (key: string): void => {
  const [oldest] = passed.keys()
  if (passed.size >= MOST_REMEMBERED && oldest !== undefined) passed.delete(oldest)
  passed.set(key, Date.now() + REMEMBERED_MS)
}

/** It counts once. */
const wasLetIn = (key: string): boolean => {
  const untilMs = passed.get(key)
  passed.delete(key)
  return untilMs !== undefined && Date.now() < untilMs
}
