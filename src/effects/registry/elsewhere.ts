import { Descriptor } from '../../core/image/Descriptor'
import { wrongStep } from './Home'
import { Place } from './Place'
import { Answer, drop, Headers, placeOf, request } from './request'

/** What ends the asking, and how long a server may be silent. */
interface Patience {
  readonly signal: AbortSignal
  readonly silenceMs: number
}

const MOST = 8

/**
 * A blob from the addresses that its manifest gives for it (image-spec descriptor.md, `urls`: layers that are not to be
 * redistributed). Undefined where none of them has it. They are the registry's word: it may lead there as it may
 * redirect, and no login goes along.
 */
export const elsewhere = async (
  { urls = [] }: Descriptor, { home }: Place, { signal, silenceMs }: Patience, headers: Headers
): Promise<Answer | undefined> => {
  for (const text of urls.slice(0, MOST)) {
    const url = placeOf(text)
    if (url === undefined || wrongStep(home, new URL(home.origin), url) !== undefined) continue
    const answer = await request(home, url, { signal, silenceMs, headers }).catch(() => undefined)
    signal.throwIfAborted()
    if (answer !== undefined && answer.status >= 200 && answer.status < 300) return answer
    if (answer !== undefined) drop(answer)
  }
  return undefined
}
