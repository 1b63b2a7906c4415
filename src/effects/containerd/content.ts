import { ServiceError } from '@grpc/grpc-js'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Descriptor } from '../../core/image/Descriptor'
import { MAX_DOCUMENT } from '../../core/image/Manifest'
import { Info, ReadContentResponse, WriteAction, WriteContentRequest } from '../../generated/containerd/content'
import { documentIn } from '../ports/documentIn'
import { systemClock } from '../ports/systemClock'
import { failureOf, Thrown } from '../ports/Thrown'
import { call, orAbsent } from './call'
import { Containerd } from './Containerd'
import { Data, gathered } from './gathered'
import { toFailure } from './toFailure'

type Labels = Readonly<Record<string, string>>

/** What containerd knows of a blob; undefined when it has none with this digest. */
export const info = (containerd: Containerd, digest: string): TE.TaskEither<Failure, Info | undefined> =>
  pipe(
    orAbsent(call(containerd, `look for blob ${digest}`, ['content', 'info'], { digest })),
    TE.map((answer) => answer?.info)
  )

/** Adds labels to a blob: they tell the garbage collector what the blob keeps. */
export const label = (containerd: Containerd, digest: string, labels: Labels): TE.TaskEither<Failure, void> =>
  pipe(
    call(containerd, `label blob ${digest}`, ['content', 'update'], {
      info: Info.fromPartial({ digest, labels: { ...labels } }),
      updateMask: { paths: Object.keys(labels).map((key) => `labels.${key}`) }
    }),
    TE.map((): void => undefined)
  )

/** Reads a small blob whole; above 8 MiB it is no manifest and no config. */
export const readJson = (containerd: Containerd, digest: string): TE.TaskEither<Failure, unknown> => () =>
  new Promise((settle) => {
    const doing = `read blob ${digest}`
    const chunks: Array<Uint8Array> = []
    let length = 0
    const stream = containerd.content.read({ digest, offset: 0n, size: 0n }, containerd.headers())
    stream.on('data', ({ data }: ReadContentResponse) => {
      chunks.push(data)
      length += data.length
      if (length > MAX_DOCUMENT) stream.cancel()
    })
    stream.on('error', (error: ServiceError) => {
      settle(E.left(length > MAX_DOCUMENT
        ? Failure('Invalid', doing, `has more than ${String(MAX_DOCUMENT)} bytes: no manifest and no config has`)
        : toFailure(doing, containerd.address, error)))
    })
    stream.on('end', () => {
      settle(E.mapLeft((reason: string) => Failure('Invalid', doing, reason))(documentIn(Buffer.concat(chunks))))
    })
  })

const LOCK_WAIT_MS = 60_000

/**
 * Writes a blob under a lease. containerd checks size and digest when it commits and refuses what does not match.
 * `open` is only called when the blob has to be sent. Waits, without `signal` a minute at most, while someone else
 * writes the same blob. `signal` ends all of it: nothing is written any more once this has resolved, and what was
 * written so far goes with the lease.
 */
export const write =
  (
    containerd: Containerd, descriptor: Descriptor, open: () => Promise<Data>,
    lease: string, labels: Labels = {}, signal?: AbortSignal
  ): TE.TaskEither<Failure, void> =>
  async () => {
    const patience = signal ?? AbortSignal.timeout(LOCK_WAIT_MS)
    for (let pauseMs = 16; ; pauseMs = Math.min(pauseMs * 2, 1000)) {
      const outcome = await writeOnce(containerd, descriptor, open, { lease, labels, signal })
      if (E.isRight(outcome) || !isLocked(outcome.left) || patience.aborted) return outcome
      await systemClock.sleep(pauseMs, patience)
    }
  }

// containerd answers UNAVAILABLE both for a busy ref and for itself going away: only the text tells them apart.
const isLocked = ({ _tag, detail }: Failure): boolean => _tag === 'Unavailable' && /ref \S+ locked/.test(detail)

interface Under {
  readonly lease: string
  readonly labels: Labels
  readonly signal: AbortSignal | undefined
}

const writeOnce = async (
  containerd: Containerd, descriptor: Descriptor, open: () => Promise<Data>, { lease, labels, signal }: Under
): Promise<E.Either<Failure, void>> => {
  const writer = Writer(containerd, descriptor, lease)
  signal?.addEventListener('abort', writer.cancel)
  try {
    signal?.throwIfAborted()
    if ((await writer.send({ action: WriteAction.STAT })) === 'more') {
      const offset = await sendAll(writer, await open())
      await writer.send({ action: WriteAction.COMMIT, offset, labels: { ...labels } })
    }
    return E.right(undefined)
  } catch (thrown) {
    return E.left(failureOf(thrown, writer.doing))
  } finally {
    signal?.removeEventListener('abort', writer.cancel)
    writer.end()
  }
}

/** Sends parts of a mebibyte: each costs a round trip, during which the next one is gathered. */
const sendAll = async (writer: Writer, data: Data): Promise<bigint> => {
  const state = { offset: 0n, onItsWay: Promise.resolve() as Promise<unknown> }
  const part = async (bytes: Buffer): Promise<void> => {
    await state.onItsWay
    state.onItsWay = writer.send({ action: WriteAction.WRITE, offset: state.offset, data: bytes })
    // Whoever waits for it hears of it; until then it is no failure of this process.
    state.onItsWay.catch(() => undefined)
    state.offset += BigInt(bytes.length)
  }
  for await (const bytes of gathered(data)) await part(bytes)
  await state.onItsWay
  return state.offset
}

interface Writer {
  readonly doing: string
  readonly send: (part: Partial<WriteContentRequest>) => Promise<'done' | 'more'>
  readonly end: () => void
  /** Ends the stream on both sides; a part that is on its way fails. */
  readonly cancel: () => void
}

/** One write stream: one answer to each request. ALREADY_EXISTS is an answer too: the blob is there. */
const Writer = (containerd: Containerd, { digest, size }: Descriptor, lease: string): Writer => {
  const doing = `write blob ${digest}`
  const stream = containerd.content.write(containerd.headers(lease))
  const state: Answers = {}
  stream.on('data', () => state.settle?.ok('more'))
  stream.on('error', (error: ServiceError) => {
    const failure = toFailure(doing, containerd.address, error)
    state.failed = failure
    if (failure._tag === 'AlreadyExists') state.settle?.ok('done')
    else state.settle?.fail(new Thrown(failure))
  })
  const send = (part: Partial<WriteContentRequest>): Promise<'done' | 'more'> =>
    new Promise((ok, fail) => {
      if (state.failed !== undefined) {
        fail(new Thrown(state.failed))
        return
      }
      state.settle = { ok, fail }
      const blob = { ref: `blob-${digest}`, total: BigInt(size), expected: digest }
      stream.write(WriteContentRequest.fromPartial({ ...blob, ...part }))
    })
  return { doing, send, end: () => stream.end(), cancel: () => stream.cancel() }
}

/** Who waits for the answer to the last part, and why there will be none any more. */
interface Answers {
  settle?: { readonly ok: (what: 'done' | 'more') => void; readonly fail: (why: Thrown) => void }
  failed?: Failure
}
