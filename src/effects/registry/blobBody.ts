import { setTimeout as pause } from 'node:timers/promises'

import { Failure } from '../../core/domain/Failure'
import { Descriptor } from '../../core/image/Descriptor'
import { messageOf, Thrown } from '../ports/Thrown'
import { flowing, Stalled } from './flowing'
import { Answer } from './request'
import { pauseMs } from './retried'

/** For which image of which registry a blob is read, as messages name them. */
interface Named {
  readonly doing: string
  readonly place: string
  readonly signal: AbortSignal
}

/** Asks for the blob from this byte on; throws `Thrown` where it cannot be had. */
type Open = (from: number) => Promise<Answer>

const TRIES = 5

// What brings less than this before it breaks again gets no further try for it.
const PROGRESS = 64 * 1024

/**
 * The body of a blob, cut where it goes beyond the size that the manifest says: what is more is stored nowhere. An
 * answer that announces another size is refused before it is read. Where a connection breaks, the rest is asked for
 * (RFC 9110, Range), after a pause; `Unavailable` where that brings nothing, and where nothing comes for too long.
 */
export const blobBody = async (blob: Descriptor, named: Named, open: Open): Promise<AsyncIterable<Uint8Array>> => {
  const answer = await open(0)
  refuseOther(answer, blob, named, 0)
  return resumed(answer, blob, named, open)
}

async function* resumed(
  answer: Answer, blob: Descriptor, named: Named, open: Open
): AsyncGenerator<Uint8Array> {
  const come = { seen: 0 }
  let tries = 0
  for (let next = answer; ;) {
    const startedAt = come.seen
    try {
      yield* rest(next, blob, named, come)
      if (come.seen === blob.size) return
      throw new Error('it ended')
    } catch (thrown) {
      if (thrown instanceof Thrown || named.signal.aborted) throw thrown
      tries = come.seen - startedAt >= PROGRESS ? 1 : tries + 1
      if (thrown instanceof Stalled || tries >= TRIES) throw BrokenOff(blob, named, come.seen, messageOf(thrown))
    }
    await pause(pauseMs(tries), undefined, { signal: named.signal })
    next = await open(come.seen)
    refuseOther(next, blob, named, come.seen)
  }
}

const PARTIAL = 206

/** What an answer has of a blob beyond what has come already; a server may send it all again. */
async function* rest(
  answer: Answer, blob: Descriptor, named: Named, come: { seen: number }
): AsyncGenerator<Uint8Array> {
  let skip = answer.status === PARTIAL ? 0 : come.seen
  for await (const chunk of flowing(answer)) {
    const fresh = chunk.subarray(Math.min(skip, chunk.length))
    skip -= chunk.length - fresh.length
    come.seen += fresh.length
    if (come.seen > blob.size) throw Wrong(blob, named, 'answers more bytes')
    if (fresh.length > 0) yield fresh
  }
}

/** Refuses an answer that says itself that it is not what was asked for. */
const refuseOther = ({ status, headers, body }: Answer, blob: Descriptor, named: Named, from: number): void => {
  const announced = headers['content-length']
  const range = headers['content-range'] ?? ''
  const [, start] = /^bytes (\d+)-/.exec(range) ?? []
  const isPart = status === PARTIAL
  const isOther = isPart && Number(start) !== from
  const due = isPart ? blob.size - from : blob.size
  if (!isOther && (announced === undefined || Number(announced) === due)) return
  body.destroy()
  throw Wrong(blob, named, isOther ? `answers the part ${JSON.stringify(range)}` : `answers ${announced ?? ''} bytes`)
}

const Wrong = ({ digest, size }: Descriptor, { doing, place }: Named, what: string): Thrown =>
  new Thrown(
    Failure('Invalid', doing, `${place} ${what} for blob ${digest}, which has ${String(size)} by its manifest`)
  )

const BrokenOff = ({ digest, size }: Descriptor, { doing, place }: Named, seen: number, why: string): Thrown =>
  new Thrown(
    Failure(
      'Unavailable', doing,
      `${place} broke off blob ${digest} after ${String(seen)} of ${String(size)} bytes: ${why}`
    )
  )
