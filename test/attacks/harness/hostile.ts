import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'
import { AddressInfo } from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'

/** One request as it came. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
}

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void

/** A registry on loopback that says whatever a test wants. */
export interface Hostile {
  readonly host: string
  readonly origin: string
  readonly seen: Array<Seen>
  /** What is answered for a path, before anything else. */
  readonly on: Map<string, Handler>
  /** Answered to every request that nothing else answers; says whether it did. */
  readonly before: { guard: (request: http.IncomingMessage, response: http.ServerResponse) => boolean }
  readonly blobs: Map<string, Buffer>
  readonly manifests: Map<string, { readonly type: string; readonly body: Buffer }>
  /** Answers that are not finished. */
  readonly running: () => number
  readonly stop: () => Promise<void>
}

export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
export const INDEX = 'application/vnd.oci.image.index.v1+json'
export const GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip'
export const TAR = 'application/vnd.oci.image.layer.v1.tar'

export const digestOf = (bytes: Buffer | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** A certificate for 127.0.0.1 and localhost, and its file, which SSL_CERT_FILE has to name. */
const certificate = (dir: string): { readonly key: Buffer; readonly cert: Buffer; readonly file: string } => {
  const [key, cert] = [path.join(dir, 'key.pem'), path.join(dir, 'cert.pem')]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2',
    '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'], { stdio: 'ignore' })
  return { key: fs.readFileSync(key), cert: fs.readFileSync(cert), file: cert }
}

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hostile-'))
const own = certificate(dir)
export const CERTIFICATE = own.file
process.once('exit', () => { fs.rmSync(dir, { recursive: true, force: true }) })

export const hostile = async (tls = false): Promise<Hostile> => {
  const one = { on: new Map<string, Handler>(), blobs: new Map<string, Buffer>(), manifests: new Map<string, { readonly type: string; readonly body: Buffer }>() }
  const seen: Array<Seen> = []
  const before: Hostile['before'] = { guard: () => false }
  const state = { running: 0 }
  const handle: Handler = (request, response) => {
    const { url = '', method = '', headers: { authorization } } = request
    seen.push({ method, path: url, authorization })
    state.running += 1
    response.once('close', () => { state.running -= 1 })
    const handler = one.on.get(url)
    if (handler !== undefined) handler(request, response)
    else if (!before.guard(request, response)) answer(one, url.replace(/\?.*$/, ''), response)
  }
  const server = tls ? https.createServer({ key: own.key, cert: own.cert }, handle) : http.createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`
  return {
    ...one, host, seen, before, origin: `${tls ? 'https' : 'http'}://${host}`, running: () => state.running,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}

const answer = ({ blobs, manifests }: Pick<Hostile, 'blobs' | 'manifests'>, url: string, response: http.ServerResponse): void => {
  const manifest = manifests.get(url.replace(/^.*\/manifests\//, ''))
  const body = manifest?.body ?? blobs.get(url.replace(/^.*\/blobs\//, ''))
  response.writeHead(url === '/v2/' ? 200 : body === undefined ? 404 : 200, {
    'content-type': manifest?.type ?? 'application/octet-stream', 'content-length': body?.length ?? 0
  })
  response.end(body)
}

/** A layer as its manifest names it. */
export interface Layer {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

/** Puts bytes on the shelf as a layer. */
export const layer = (at: Hostile, bytes: Buffer, mediaType = TAR): Layer => {
  at.blobs.set(digestOf(bytes), bytes)
  return { mediaType, digest: digestOf(bytes), size: bytes.length }
}

/** Puts an image under a tag: its layers as the manifest says, and the digests that its config claims for them. Says its digest. */
export const image = (at: Hostile, tag: string, layers: ReadonlyArray<Layer>, diffIds: ReadonlyArray<string>, config: object = {}): string => {
  const document = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', config, rootfs: { type: 'layers', diff_ids: diffIds } }))
  const body = Buffer.from(JSON.stringify({
    schemaVersion: 2, mediaType: MANIFEST, config: { ...layer(at, document), mediaType: 'application/vnd.oci.image.config.v1+json' }, layers
  }))
  at.manifests.set(tag, { type: MANIFEST, body })
  at.manifests.set(digestOf(body), { type: MANIFEST, body })
  return digestOf(body)
}

/** A redirect to an address. */
export const to = (location: string, status = 307): Handler => (_request, response) => { response.writeHead(status, { location }).end() }

/** A body that never ends, with or without a length. */
export const endless = (length?: number): Handler => (_request, response) => {
  response.writeHead(200, length === undefined ? {} : { 'content-length': length })
  const chunk = Buffer.alloc(64 * 1024, 1)
  const more = (): void => { while (!response.destroyed && response.write(chunk)); }
  response.on('drain', more)
  more()
}
