import { PATH_BYTES, TEXT_BYTES } from '../domain/ceilings'
import { Kind } from './Field'
import { reading } from './Kind'
import { textWith } from './scalar'

/**
 * A text with paths in it, none of them longer than the kernel takes. Whether one has to be absolute is told elsewhere.
 */
const withPaths = (most: number, pathsIn: (given: string) => ReadonlyArray<string>): Kind<string> =>
  reading({ _tag: 'Text', most }, textWith(most, pathsIn))

/** A path as a job, an image or Nomad writes it. */
export const pathText: Kind<string> = withPaths(PATH_BYTES, (given) => [given])

const COLON = 1

/** `path:path:more`: a volume or a device in short. */
export const twoPaths: Kind<string> = withPaths(2 * (PATH_BYTES + COLON) + TEXT_BYTES, (given) => given.split(':', 2))

/** `path:more`: a tmpfs in short. */
export const pathFirst: Kind<string> = withPaths(PATH_BYTES + COLON + TEXT_BYTES, (given) => given.split(':', 1))

const AMOUNT = 32

/** `path:amount`, where the path may have colons itself. */
export const pathAndAmount: Kind<string> = withPaths(PATH_BYTES + COLON + AMOUNT, (given) => [
  given.slice(0, Math.max(0, given.lastIndexOf(':')))
])
