import * as E from 'fp-ts/Either'

import { decodeAttachment } from '../domain/Cni'
import { jsonIn } from '../domain/jsonIn'
import { NAMESPACE, NETWORK, OWN_IMAGES } from '../domain/labels'
import { textOfLabels } from '../domain/longLabel'
import { PINS } from '../domain/mark'
import { clean } from '../domain/path'
import { Undo } from './Undo'

/**
 * What containerd keeps of a container, as far as it has to be taken back. `sources` are the host paths that its spec
 * mounts.
 */
export interface ContainerRecord {
  readonly container: string
  readonly snapshotter: string
  readonly key: string
  readonly sources: ReadonlyArray<string>
  /** The name of its image; one that the task brought along goes with it. */
  readonly image?: string
  readonly labels: Readonly<Record<string, string>>
}

/**
 * What takes a container back of which only its record is known: the undos of the plan that started it, newest first,
 * and the record last. What the container mounts from its own directory below the state directory is a pin where it
 * stands below `mounts`, else a generated file. The network that it joined, its own or
 * another's, is in its labels.
 */
export const undosOfRecord = (
  { container, snapshotter, key, sources, labels, image = '' }: ContainerRecord, stateDirectory: string
): ReadonlyArray<Undo> => [
  { _tag: 'KillTask', container },
  { _tag: 'DeleteTask', container },
  ...(key === '' ? [] : [{ _tag: 'RemoveSnapshot', snapshotter, key } as const]),
  ...sources.flatMap((path) => undoOfSource(path, `${clean(stateDirectory)}/${container}/`)),
  ...undosOfNetwork(labels),
  ...(image.startsWith(OWN_IMAGES) ? [{ _tag: 'RemoveImage', image } as const] : []),
  { _tag: 'DeleteContainer', container }
]

const undosOfNetwork = (labels: Readonly<Record<string, string>>): ReadonlyArray<Undo> => {
  const joined = decodeAttachment(jsonIn(textOfLabels(NETWORK, labels) ?? ''))
  const shared = labels[NAMESPACE]
  return [
    ...(E.isLeft(joined)
      ? []
      : [{ _tag: 'LeaveNetwork', ...joined.right }, { _tag: 'RemoveNamespace', path: joined.right.netns }] as const),
    ...(shared === undefined ? [] : [{ _tag: 'RemoveNamespace', path: shared } as const])
  ]
}

const undoOfSource = (path: string, own: string): ReadonlyArray<Undo> => {
  if (!path.startsWith(own)) return []
  return [path.startsWith(`${own}${PINS}/`) ? { _tag: 'UnpinSource', path } : { _tag: 'RemoveFile', path }]
}
