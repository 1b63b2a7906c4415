import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { NODE } from '../../core/domain/labels'
import { isPulled, pulledLabels } from '../../core/gc/pulled'
import { Descriptor } from '../../core/image/Descriptor'
import { Image } from '../../generated/containerd/images'
import { call } from '../containerd/call'
import { Containerd } from '../containerd/Containerd'
import { systemClock } from '../ports/systemClock'
import { imageNamed } from './StoredImage'

/** Under which lease, for which agent (`""`: none), and with which labels besides. */
export interface Recording {
  readonly lease: string
  readonly node?: string
  readonly labels?: Readonly<Record<string, string>>
}

/**
 * Records what an image's name stands for; a name that is known gets the new target. A record that is made here says
 * so, for the collection of images; one that somebody else made stays theirs.
 */
export const record =
  (
    containerd: Containerd,
    name: string,
    { mediaType, digest, size }: Descriptor,
    { lease, node = '', labels = {} }: Recording
  ): TE.TaskEither<Failure, void> =>
  async () => {
    const doing = `record image ${name}`
    const target = { mediaType, digest, size: BigInt(size), annotations: {} }
    const made = pulledLabels({ name, digest, node, atMs: systemClock.now() })
    const image: Image = { name, labels: { ...labels, ...made }, target }
    const created = await call(containerd, doing, ['images', 'create'], { image }, { lease })()
    if (E.isRight(created)) return E.right(undefined)
    if (created.left._tag !== 'AlreadyExists') return created
    const found = await imageNamed(containerd, name)()
    if (E.isLeft(found)) return found
    const written = found.right === undefined ? labels : { ...labels, ...taken(found.right, { digest, node, made }) }
    const paths = ['target', ...Object.keys(written).map((key) => `labels.${key}`)]
    const request = { image: { ...image, labels: { ...written } }, updateMask: { paths } }
    return E.map((): void => undefined)(await call(containerd, doing, ['images', 'update'], request, { lease })())
  }

type Labels = Readonly<Record<string, string>>

interface Again {
  readonly digest: string
  readonly node: string
  readonly made: Labels
}

/**
 * What another pull of a name changes of the labels, where a pull of this driver's made the record: what an operator
 * pulls is for no agent to remove, and stays so; else it is of the agent that brought what the name stands for now.
 */
const taken = ({ name, labels, target: before }: Image, { digest, node, made }: Again): Labels => {
  if (before === undefined || !isPulled(name, before.digest, labels)) return {}
  const isOperators = node === '' || labels[NODE] === undefined
  if (isOperators) return { ...made, [NODE]: '' }
  return before.digest === digest ? {} : made
}
