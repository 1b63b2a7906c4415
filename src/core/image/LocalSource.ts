import * as E from 'fp-ts/Either'

import { tooLong } from '../domain/ceilings'

/** How an image lies on a disk, in the words of skopeo and podman. */
export type Transport = 'oci' | 'oci-archive' | 'docker-archive'

/** An image that comes from a file or directory, and which of those in it; `""` is the only one. */
export interface LocalSource {
  readonly transport: Transport
  readonly path: string
  readonly image: string
}

// `oci:1.0` may be an image of a registry; a tag has no slash.
const FORM = /^(?:(oci-archive|docker-archive):|(oci):(?=[^@]*\/))([^]*)$/

/**
 * Reads `oci-archive:path[:image]`, `docker-archive:path[:image]` and `oci:path/with/a/slash[:image]`, as
 * containers-transports(5) has them; undefined for a name of a registry's. Left says what is wrong.
 */
export const parse = (text: string): E.Either<string, LocalSource> | undefined => {
  const found = FORM.exec(text)
  if (found === null) return undefined
  const [, archive, layout, rest = ''] = found
  const colon = rest.indexOf(':')
  const [path, image] = colon < 0 ? [rest, ''] : [rest.slice(0, colon), rest.slice(colon + 1)]
  const wrong = wrongPath(path)
  return wrong === undefined
    ? E.right({ transport: (archive ?? layout) as Transport, path, image })
    : E.left(wrong)
}

/** What is wrong with a path of an archive, if anything is: it stays in the task's directory. */
export const wrongPath = (path: string): string | undefined => {
  if (path === '' || path.endsWith('/')) return 'must name a file or directory of the task, such as "local/image.tar"'
  if (path.split('/').includes('..')) return 'must have no `..` in its path: it lies in the directory of the task'
  return tooLong(path)
}
