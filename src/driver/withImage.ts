import * as E from 'fp-ts/Either'

import { Driver } from './Driver'
import { Answer, Refused } from './Refused'

/**
 * Starts something with an image that this process does not remove meanwhile. Somebody else may: another agent, or a
 * person. Then it is started once more, which brings the image again as the pull policy says.
 */
export const withImage = <A>(
  { images, ports: { log } }: Driver, image: string, signal: AbortSignal, start: () => Promise<Answer<A>>
): Promise<Answer<A>> =>
  images.use(image, signal, async () => {
    const first = await start()
    if (E.isRight(first) || signal.aborted || !hasLostImage(first.left)) return first
    log('warn', 'the image was removed while a task was started with it', { image })
    return start()
  })

/** The image went between the look at it and the snapshot on its layers, and nothing is left of the start. */
const hasLostImage = (refused: Refused): boolean =>
  refused._tag === 'NotStarted'
  && /^(?:PrepareSnapshot|VerifyImage):/.test(refused.report.step)
  && refused.report.cause._tag === 'NotFound'
  && refused.report.leftovers.length === 0
