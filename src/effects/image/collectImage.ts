import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { NODE, USED } from '../../core/domain/labels'
import { isPulled, timeText } from '../../core/gc/pulled'
import { verdicts } from '../../core/gc/verdicts'
import { Act } from '../../core/plan/Step'
import { Image } from '../../generated/containerd/images'
import { call, orDone } from '../containerd/call'
import { Containerd } from '../containerd/Containerd'
import { seenImages } from './seenImages'
import { imageNamed } from './StoredImage'

/** An image by its name that an agent had pulled, and what the name stood for. */
type Pulled = Pick<Act<'CollectImage'>, 'image' | 'digest'>

const isStill = (found: Image | undefined, { image, digest }: Pulled): found is Image =>
  found?.target?.digest === digest && isPulled(image, digest, found.labels)

// A collection looks at all that a containerd has.
const COLLECTION_MS = 10 * 60_000

/**
 * Removes an image that this agent had pulled, with what it alone keeps: its blobs and snapshots are gone when this has
 * resolved. What is another's by now, or is used, is left as it is.
 */
export const collectImage = (
  containerd: Containerd, { image: name, digest, node }: Act<'CollectImage'>
): TE.TaskEither<Failure, void> => async () => {
  const isOwn = pipe(
    imageNamed(containerd, name),
    TE.map((found) => isStill(found, { image: name, digest }) && found.labels[NODE] === node)
  )
  const before = await isOwn()
  if (E.isLeft(before) || !before.right) return E.map(() => undefined)(before)
  const seen = await seenImages(containerd)()
  if (E.isLeft(seen)) return seen
  const asker = { node, starting: [], lastUses: {}, nowMs: 0 }
  const [verdict] = verdicts(seen.right, asker, { keep: [], delayMs: 0 }).filter(({ image }) => image.name === name)
  if (verdict === undefined || verdict.users.length > 0) return E.right(undefined)
  // The look at all that containerd has takes its time: somebody may have pulled the image meanwhile.
  const after = await isOwn()
  if (E.isLeft(after) || !after.right) return E.map(() => undefined)(after)
  return orDone('NotFound')(
    call(containerd, `remove image ${name}`, ['images', 'delete'], { name, sync: true }, { deadlineMs: COLLECTION_MS })
  )()
}

/** Notes with an image when it was used, as long as it is what was used. */
export const noteUse = (containerd: Containerd, act: Act<'NoteUse'>): TE.TaskEither<Failure, void> =>
  pipe(
    imageNamed(containerd, act.image),
    TE.chain((found): TE.TaskEither<Failure, unknown> =>
      isStill(found, act)
        ? orDone('NotFound')(call(containerd, `note a use of image ${act.image}`, ['images', 'update'], {
            image: { name: act.image, labels: { [USED]: timeText(act.atMs) } },
            updateMask: { paths: [`labels.${USED}`] }
          }))
        : TE.right(undefined)),
    TE.map((): void => undefined)
  )
