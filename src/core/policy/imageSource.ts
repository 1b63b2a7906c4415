import { inTask } from '../domain/DocumentPath'
import { matches } from '../domain/glob'
import { ImageReference } from '../image/ImageReference'
import { byPolicy, Decoded, Refusals } from './Decoded'

/** Which images the operator lets tasks run: `images { allow, require_digest, require_platform }`. */
export const imageSource = ({ task, plugin: { images } }: Decoded): Refusals => {
  if (task.image === undefined || images === undefined) return []
  const { written, value } = task.image
  return [
    ...(images.allow === undefined || images.allow.some((pattern) => isAllowed(pattern, value))
      ? []
      : [byPolicy(AT, written, 'images.allow', `does not list ${shown(value)}`)]),
    ...(images.require_digest && value.digest === undefined
      ? [byPolicy(AT, written, 'images.require_digest', 'wants a digest behind the name: `name@sha256:…`')]
      : []),
    ...(images.require_platform && task.platform === undefined
      ? [byPolicy(inTask('platform'), undefined, 'images.require_platform', 'wants it, such as "linux/amd64"')]
      : [])
  ]
}

const AT = inTask('image')

const shown = ({ name }: ImageReference): string => `\`${name}\``

/**
 * Whether a pattern is for an image. One without tag and digest is for all of a repository; a tag that stands beside a
 * digest says nothing of what is run, so a pattern with a tag is for no image with a digest.
 */
const isAllowed = (pattern: string, { registry, repository, name }: ImageReference): boolean => {
  const last = pattern.slice(pattern.lastIndexOf('/') + 1)
  const isWhole = !last.includes(':') && !pattern.includes('@')
  return matches(pattern, isWhole ? `${registry}/${repository}` : name)
}
