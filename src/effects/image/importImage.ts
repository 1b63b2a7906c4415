import { createHash } from 'node:crypto'

import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Descriptor } from '../../core/image/Descriptor'
import { Containerd } from '../containerd/Containerd'
import * as content from '../containerd/content'
import { keeps } from './pull'
import { record } from './record'

/** A one-layer image: the layer as an uncompressed tar, and the `config` part of its OCI config. */
export interface Made {
  readonly name: string
  readonly layer: Buffer
  readonly architecture: string
  readonly config: object
}

const LAYER = 'application/vnd.oci.image.layer.v1.tar'
const CONFIG = 'application/vnd.oci.image.config.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

/** Puts an image that was made on the spot into containerd's content store, under its name. */
export const importImage = (containerd: Containerd, made: Made, lease: string): TE.TaskEither<Failure, void> => {
  const layer = blob(LAYER, made.layer)
  const config = blob(CONFIG, Buffer.from(JSON.stringify({
    architecture: made.architecture, os: 'linux', config: made.config,
    rootfs: { type: 'layers', diff_ids: [layer.descriptor.digest] }
  })))
  const parts = { config: config.descriptor, layers: [layer.descriptor] }
  const manifest = blob(MANIFEST, Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, ...parts })))
  return [
    content.write(containerd, layer.descriptor, () => Promise.resolve([layer.bytes]), lease),
    content.write(containerd, config.descriptor, () => Promise.resolve([config.bytes]), lease),
    content.write(containerd, manifest.descriptor, () => Promise.resolve([manifest.bytes]), lease, keeps(parts)),
    record(containerd, made.name, manifest.descriptor, lease)
  ].reduce((before, next) => TE.chain(() => next)(before))
}

const blob = (mediaType: string, bytes: Buffer): { readonly descriptor: Descriptor; readonly bytes: Buffer } => ({
  descriptor: { mediaType, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, size: bytes.length },
  bytes
})
