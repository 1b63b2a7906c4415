import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as http from 'node:http'
import { AddressInfo } from 'node:net'
import * as zlib from 'node:zlib'

import { Header, pack } from 'tar-stream'

/** An entry of a layer: its name alone is a file. */
export type Entry = readonly [Partial<Header> & { readonly name: string }, string?]

export const file = (name: string, text: string): Entry => [{ name }, text]

/** A layer with a shell in it. */
export const shellLayer = (): ReadonlyArray<Entry> => [
  [{ name: 'bin', type: 'directory' }],
  [{ name: 'bin/busybox', mode: 0o755 }, fs.readFileSync('/bin/busybox') as unknown as string],
  ...['sh', 'sleep', 'echo', 'true'].map((name): Entry => [{ name: `bin/${name}`, type: 'symlink', linkname: 'busybox' }])
]

/** What an image is made of, bottom layer first. */
export interface Wanted {
  readonly layers: ReadonlyArray<ReadonlyArray<Entry>>
  readonly config?: object
  readonly architecture?: string
  readonly variant?: string
}

/** An answer in the place of the right one. */
export interface Answer {
  readonly status: number
  readonly type?: string
  readonly body?: Buffer
  /** Hangs up after half of the body. */
  readonly broken?: boolean
}

/** A registry on loopback whose images are made here and that can be told to answer wrongly. */
export interface Shelf {
  readonly host: string
  readonly requests: Array<string>
  /** Puts an image under `repository:tag`. */
  readonly put: (name: string, wanted: Wanted) => Promise<Made>
  /** Puts an index of images that were put before under `repository:tag`. */
  readonly index: (name: string, of: ReadonlyArray<Made>) => string
  /** Puts an index of such documents, which may be indexes, under `repository:tag`. */
  readonly nest: (name: string, of: ReadonlyArray<{ readonly digest: string; readonly size: number; readonly mediaType: string; readonly platform?: object }>) => { readonly digest: string; readonly size: number; readonly mediaType: string }
  /** Answers this for a path after `/v2/`. */
  readonly instead: Map<string, Answer>
  readonly stop: () => Promise<void>
}

export interface Made {
  readonly digest: string
  readonly size: number
  readonly platform: object
  readonly layers: ReadonlyArray<string>
  readonly configDigest: string
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'

export const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** The bytes of a layer, not compressed. */
export const tarOf = async (entries: ReadonlyArray<Entry>): Promise<Buffer> => {
  const tar = pack()
  for (const [header, text] of entries) tar.entry({ mode: header.type === 'directory' ? 0o755 : 0o644, mtime: new Date(0), ...header }, text ?? '')
  tar.finalize()
  const chunks: Array<Buffer> = []
  for await (const chunk of tar as unknown as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Opens an empty one. */
export const openShelf = async (): Promise<Shelf> => {
  const answers = new Map<string, Answer>()
  const instead = new Map<string, Answer>()
  const requests: Array<string> = []
  const server = http.createServer((request, response) => {
    const path = (request.url ?? '').slice('/v2/'.length)
    requests.push(path)
    const { status, type = 'application/octet-stream', body = Buffer.alloc(0), broken = false }: Answer = instead.get(path) ?? answers.get(path) ?? (path === '' ? { status: 200 } : { status: 404 })
    response.writeHead(status, { 'content-type': type, 'content-length': body.length })
    if (broken) response.write(body.subarray(0, body.length / 2), () => { response.destroy() })
    else response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const manifest = (name: string, type: string, document: object): { readonly digest: string; readonly size: number } => {
    const body = Buffer.from(JSON.stringify(document))
    const [repository, tag] = name.split(':') as [string, string]
    for (const reference of [tag, digestOf(body)]) answers.set(`${repository}/manifests/${reference}`, { status: 200, type, body })
    return { digest: digestOf(body), size: body.length }
  }
  const blob = (name: string, mediaType: string, body: Buffer): { readonly mediaType: string; readonly digest: string; readonly size: number } => {
    answers.set(`${name.split(':')[0] ?? ''}/blobs/${digestOf(body)}`, { status: 200, body })
    return { mediaType, digest: digestOf(body), size: body.length }
  }
  return {
    host: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests, instead,
    put: async (name, { layers, config = {}, architecture = 'amd64', variant }) => {
      const tars = await Promise.all(layers.map(tarOf))
      const platform = { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) }
      const document = Buffer.from(JSON.stringify({ ...platform, config, rootfs: { type: 'layers', diff_ids: tars.map(digestOf) } }))
      const its = blob(name, 'application/vnd.oci.image.config.v1+json', document)
      const stored = tars.map((tar) => blob(name, 'application/vnd.oci.image.layer.v1.tar+gzip', zlib.gzipSync(tar)))
      const made = manifest(name, MANIFEST, { schemaVersion: 2, mediaType: MANIFEST, config: its, layers: stored })
      return { ...made, platform, layers: stored.map(({ digest }) => digest), configDigest: its.digest }
    },
    nest: (name, of) => ({ ...manifest(name, INDEX, { schemaVersion: 2, mediaType: INDEX, manifests: of }), mediaType: INDEX }),
    index: (name, of) => manifest(name, INDEX, {
      schemaVersion: 2, mediaType: INDEX, manifests: of.map(({ digest, size, platform }) => ({ mediaType: MANIFEST, digest, size, platform }))
    }).digest,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
