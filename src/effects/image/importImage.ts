import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Containerd } from '../containerd/Containerd'
import * as content from '../containerd/content'
import { Document, documentOf } from '../ports/Document'
import { configOf, manifestOf, TAR } from './made'
import { record } from './record'
import { keeps } from './storeDocuments'

/** A one-layer image: the layer as an uncompressed tar, and the `config` part of its OCI config. */
export interface Made {
  readonly name: string
  readonly layer: Buffer
  readonly architecture: string
  readonly config: object
}

/** Puts an image that was made on the spot into containerd's content store, under its name. */
export const importImage = (containerd: Containerd, made: Made, lease: string): TE.TaskEither<Failure, void> => {
  const layer = documentOf(TAR, made.layer)
  const config = configOf(Buffer.from(JSON.stringify({
    architecture: made.architecture, os: 'linux', config: made.config,
    rootfs: { type: 'layers', diff_ids: [layer.descriptor.digest] }
  })))
  const manifest = manifestOf({ config: config.descriptor, layers: [layer.descriptor] })
  const write = ({ descriptor, bytes }: Document, labels = {}): TE.TaskEither<Failure, void> =>
    content.write(containerd, descriptor, () => Promise.resolve([bytes]), lease, labels)
  return [
    write(layer), write(config), write(manifest, keeps(manifest.of)),
    record(containerd, made.name, manifest.descriptor, { lease })
  ].reduce((before, next) => TE.chain(() => next)(before))
}
