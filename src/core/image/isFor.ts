import { matches } from '../domain/glob'
import { ImageReference } from './ImageReference'

/**
 * Whether a pattern is for an image. One without tag and digest is for all of a repository; a tag that stands beside a
 * digest says nothing of what is run, so a pattern with a tag is for no image with a digest.
 */
export const isFor = (
  pattern: string, { registry, repository, name }: Pick<ImageReference, 'registry' | 'repository' | 'name'>
): boolean => {
  const last = pattern.slice(pattern.lastIndexOf('/') + 1)
  const isWhole = !last.includes(':') && !pattern.includes('@')
  return matches(pattern, isWhole ? `${registry}/${repository}` : name)
}
