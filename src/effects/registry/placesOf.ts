import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import * as E from 'fp-ts/Either'

import * as HostsFile from '../../core/image/HostsFile'
import { isLoopback, isSameRegistry, registryOf } from '../../core/image/ImageReference'
import { codeOf, messageOf } from '../ports/Thrown'
import { Astray, Home } from './Home'
import { Place } from './Place'
import { drop, request } from './request'
import { Trust, USUAL } from './Trust'

/**
 * Where the images of a registry are asked for, in the order in which that is tried: its mirrors as the directory of
 * hosts.toml files says, and the registry itself. Throws `Astray` where a file there is none.
 */
export const placesOf = async (
  registry: string, directory: string, signal: AbortSignal
): Promise<ReadonlyArray<Place>> => {
  const found = directory === '' ? undefined : namesOf(registry).map((name) => resolve(directory, name)).find(isThere)
  if (found === undefined) return [placeAt(registry, { ...ALONE, base: await baseOf(registry, signal) }, USUAL)]
  const file = resolve(found, 'hosts.toml')
  if (!isThere(file)) {
    const own = { ...ALONE, base: await baseOf(registry, signal) }
    return [placeAt(registry, own, certificatesIn(found))]
  }
  const { mirrors, server, ownSettings } = await hostsIn(file)
  const last = server ?? { ...ownSettings, base: await baseOf(registry, signal) }
  return [...mirrors, { ...last, base: usualAddress(last.base) }].map((host) =>
    placeAt(registry, host, trustOf(file, host)))
}

const ALONE: Omit<HostsFile.Host, 'base'> = {
  mayPull: true, mayResolve: true, ca: [], client: [], skipVerify: false, header: {}, dialTimeoutMs: undefined
}

/** The names of a registry's directory: containerd takes the first that is there. */
const namesOf = (registry: string): ReadonlyArray<string> =>
  [...new Set([registry, registry.replace(/:(\d+)$/, '_$1_'), '_default'])]

const isThere = (path: string): boolean => existsSync(path)

const placeAt = (registry: string, host: HostsFile.Host, trust: Trust): Place => {
  const base = new URL(host.base)
  const { dialTimeoutMs, mayPull, mayResolve, header } = host
  const home = Home(base, { trust, ...(dialTimeoutMs === undefined ? {} : { dialTimeoutMs }) })
  const isRegistry = isSameRegistry(base.host, registryOf(registry)) || base.host === withPort(registry, base)
  const name = isRegistry ? `registry ${registry}` : `mirror ${base.host} of registry ${registry}`
  return { base, home, name, isRegistry, mayPull, mayResolve, header }
}

const withPort = (registry: string, { protocol }: URL): string =>
  registry.replace(protocol === 'https:' ? /:443$/ : /:80$/, '')

const MAX_FILE = 1024 * 1024

const hostsIn = async (file: string): Promise<HostsFile.HostsFile> => {
  const { parseToml } = await import('./wire')
  const text = readText(file)
  const parsed = E.tryCatch(() => parseToml(text) as unknown, (thrown) => `is no TOML: ${firstLine(thrown)}`)
  const decoded = E.chain(HostsFile.decode)(parsed)
  if (E.isLeft(decoded)) throw new Astray(`is asked as ${file} says, which ${decoded.left}`)
  return decoded.right
}

const firstLine = (thrown: unknown): string => messageOf(thrown).split('\n')[0] ?? ''

const readText = (file: string): string => {
  try {
    const { size } = statSync(file)
    if (size > MAX_FILE) throw new Error(`has ${String(size)} bytes, more than ${String(MAX_FILE)}`)
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    const why = codeOf(thrown) === 'ENOENT' ? 'is not there' : messageOf(thrown)
    throw new Astray(`needs the file ${file}: ${why}`)
  }
}

/** Paths stand as seen from the directory of the file. */
const trustOf = (file: string, { ca, client, skipVerify }: HostsFile.Host): Trust => {
  const read = (path: string): string => readText(resolve(dirname(file), path))
  return {
    ca: ca.map(read),
    client: client.map(([cert, key]) => ({ cert: read(cert), key: read(key === '' ? cert : key) })),
    skipVerify
  }
}

/** What Docker puts into such a directory: authorities (*.crt), certificates (*.cert) and their keys (*.key). */
const certificatesIn = (directory: string): Trust => {
  const names = readdirSync(directory).sort()
  const read = (name: string): string => readText(resolve(directory, name))
  return {
    ca: names.filter((name) => name.endsWith('.crt')).map(read),
    client: names
      .filter((name) => name.endsWith('.cert'))
      .map((name) => ({ cert: read(name), key: read(name.replace(/cert$/, 'key')) })),
    skipVerify: false
  }
}

const HUB = 'registry-1.docker.io'

/** Docker's registry has another address than its images say, in a hosts.toml too. */
const usualAddress = (base: string): string => base.replace(/^https:\/\/(?:index\.)?docker\.io\//, `https://${HUB}/`)

const baseOf = async (registry: string, signal: AbortSignal): Promise<string> =>
  `${await schemeOf(registry, signal)}://${registry === 'docker.io' ? HUB : registry}/v2/`

const BAD_REQUEST = 400

/** A registry on this machine may speak plain http. One that speaks TLS answers http with 400, or hangs up. */
const schemeOf = async (registry: string, signal: AbortSignal): Promise<'http' | 'https'> => {
  if (!isLoopback(registry)) return 'https'
  const url = new URL(`http://${registry}/v2/`)
  try {
    const answer = await request(Home(url), url, { signal })
    drop(answer)
    return answer.status === BAD_REQUEST ? 'https' : 'http'
  } catch (thrown) {
    return HUNG_UP.includes(codeOf(thrown)) ? 'https' : 'http'
  }
}

// undici says so where a socket is closed, or what comes is no HTTP.
const HUNG_UP: ReadonlyArray<string> = ['ECONNRESET', 'UND_ERR_SOCKET', 'HPE_INVALID_CONSTANT']
