import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Descriptor } from '../../core/image/Descriptor'
import { Image } from '../../generated/containerd/images'
import { call } from '../containerd/call'
import { Containerd } from '../containerd/Containerd'

/** Records what an image's name stands for; a name that is known gets the new target. */
export const record =
  (
    containerd: Containerd,
    name: string,
    { mediaType, digest, size }: Descriptor,
    lease: string,
    labels: Readonly<Record<string, string>> = {}
  ): TE.TaskEither<Failure, void> =>
  async () => {
    const doing = `record image ${name}`
    const target = { mediaType, digest, size: BigInt(size), annotations: {} }
    const image: Image = { name, labels: { ...labels }, target }
    const created = await call(containerd, doing, ['images', 'create'], { image }, { lease })()
    if (E.isRight(created)) return E.right(undefined)
    if (created.left._tag !== 'AlreadyExists') return created
    const paths = ['target', ...Object.keys(labels).map((key) => `labels.${key}`)]
    return pipe(
      call(containerd, doing, ['images', 'update'], { image, updateMask: { paths } }, { lease }),
      TE.map((): void => undefined)
    )()
  }
