import { EventEmitter } from 'node:events'

import { Containerd } from '../../../../src/effects/containerd/Containerd'
import { seenDocuments } from '../../../../src/effects/image/seenDocuments'

const INDEX = 'application/vnd.oci.image.index.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const digestOf = (index: number): string => `sha256:${String(index).padStart(64, '0')}`

/** A containerd that has these documents by their digests, and what it was asked for. */
const having = (documents: Readonly<Record<string, unknown>>) => {
  const asked: Array<string> = []
  const read = ({ digest }: { readonly digest: string }): EventEmitter => {
    asked.push(digest)
    const stream = new EventEmitter()
    setImmediate(() => {
      stream.emit('data', { data: Buffer.from(JSON.stringify(documents[digest] ?? null)) })
      stream.emit('end')
    })
    return stream
  }
  return { containerd: { content: { read }, headers: () => undefined, address: '' } as unknown as Containerd, asked }
}

const entry = (index: number, mediaType = INDEX): object => ({ mediaType, digest: digestOf(index), size: 10 })
const indexOf = (...manifests: ReadonlyArray<object>): object => ({ schemaVersion: 2, mediaType: INDEX, manifests })

it('each document is looked at once, however often indexes in indexes name it', async () => {
  const levels = 5
  const documents = Object.fromEntries(Array.from({ length: levels }, (_, level) =>
    [digestOf(level), indexOf(...Array.from({ length: 1000 }, () => entry(level + 1, level + 1 === levels ? MANIFEST : INDEX)))]))
  const { containerd, asked } = having(documents)
  const seen = await seenDocuments(containerd, { mediaType: INDEX, digest: digestOf(0), size: 10 })
  expect(asked).toHaveLength(levels + 1)
  expect([...seen.blobs.values()]).toEqual(Array.from({ length: levels + 1 }, () => 10))
})

it('no more indexes are looked through than whoever pulls looks through', async () => {
  const documents = Object.fromEntries(Array.from({ length: 40 }, (_, level) => [digestOf(level), indexOf(entry(level + 1))]))
  const { containerd, asked } = having(documents)
  await seenDocuments(containerd, { mediaType: INDEX, digest: digestOf(0), size: 10 })
  expect(asked).toHaveLength(17)
})
