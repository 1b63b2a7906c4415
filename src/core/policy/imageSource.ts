import { inTask } from '../domain/DocumentPath'
import { matches } from '../domain/glob'
import { ImageReference } from '../image/ImageReference'
import { isFor } from '../image/isFor'
import { byPolicy, Decoded, Refusals } from './Decoded'

/** Which images the operator lets tasks run: `images { allow, require_digest, require_platform }`. */
export const imageSource = ({ task, plugin: { images } }: Decoded): Refusals => {
  if (task.image === undefined || images === undefined) return []
  const { written, value } = task.image
  const own = ownName(task.load, value)
  const isListed = (pattern: string): boolean =>
    own === undefined ? isFor(pattern, value) : matches(pattern, own)
  return [
    ...(images.allow === undefined || images.allow.some(isListed)
      ? []
      : [byPolicy(AT, written, 'images.allow', `does not list \`${own ?? value.name}\``)]),
    ...(images.require_digest && (own !== undefined || value.digest === undefined)
      ? [byPolicy(AT, written, 'images.require_digest', own === undefined ? WITH_DIGEST : NO_ARCHIVE)]
      : []),
    ...(images.require_platform && task.platform === undefined
      ? [byPolicy(inTask('platform'), undefined, 'images.require_platform', 'wants it, such as "linux/amd64"')]
      : [])
  ]
}

const AT = inTask('image')

const WITH_DIGEST = 'wants a digest behind the name: `name@sha256:…`'
const NO_ARCHIVE = 'wants a digest, which nobody knows of an archive before it is read'

/** An image that the task brings along, as a pattern names it: `load:redis.tar`, `oci-archive:local/app.tar`. */
const ownName = (load: string | undefined, { source, name }: ImageReference): string | undefined => {
  if (load !== undefined) return `load:${load}`
  return source === undefined ? undefined : name
}
