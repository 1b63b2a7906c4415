import { readFileSync, statSync } from 'node:fs'

import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { Failure } from '../../core/domain/Failure'
import { Secret } from '../../core/domain/Secret'
import { isSameRegistry } from '../../core/image/ImageReference'
import { documentIn } from '../ports/documentIn'
import { codeOf, messageOf, Thrown } from '../ports/Thrown'
import { Credential } from './Credential'

/** What a Docker `config.json` has for a registry: the login itself, or the helper that is named for it. */
export type Entry =
  | { readonly _tag: 'Login'; readonly credential: Credential }
  | { readonly _tag: 'Helper'; readonly name: string }

const login = t.partial({
  auth: t.string, username: t.string, password: t.string, identitytoken: t.string, registrytoken: t.string
})

const document = t.partial({
  auths: t.record(t.string, login), credHelpers: t.record(t.string, t.string), credsStore: t.string
})

type Login = t.TypeOf<typeof login>

const MAX_FILE = 1024 * 1024

/**
 * Looks a registry up in a Docker `config.json`, read anew each time: `auths`, then `credHelpers`, then `credsStore`,
 * which is asked only for what stands in `auths`, as `docker login` writes it there. Undefined where nothing stands for
 * it; throws `Thrown` (Invalid) where the file is none, with nothing of what is in it.
 */
export const dockerConfig = (file: string, registry: string): Entry | undefined => {
  const { auths = {}, credHelpers = {}, credsStore } = read(file)
  const known = Object.entries(auths).filter(([address]) => isSameRegistry(address, registry))
  const own = known.flatMap(([, entry]) => credentialIn(file, entry) ?? [])[0]
  if (own !== undefined) return { _tag: 'Login', credential: own }
  const [, named] = Object.entries(credHelpers).find(([address]) => isSameRegistry(address, registry)) ?? []
  const name = named ?? (known.length > 0 ? credsStore : undefined)
  if (name === undefined || name === '') return undefined
  if (!HELPER.test(name)) throw wrong(file, 'names a helper that is none: letters, digits, `_` and `-` are allowed')
  return { _tag: 'Helper', name }
}

const HELPER = /^[A-Za-z0-9_-]{1,64}$/

const read = (file: string): t.TypeOf<typeof document> => {
  const decoded = E.chainW((value: unknown) => document.decode(value))(documentIn(bytesOf(file)))
  if (E.isLeft(decoded)) throw wrong(file, 'is no Docker config.json')
  return decoded.right
}

const bytesOf = (file: string): Buffer => {
  try {
    if (statSync(file).size > MAX_FILE) throw wrong(file, `has more than ${String(MAX_FILE)} bytes`)
    return readFileSync(file)
  } catch (thrown) {
    if (thrown instanceof Thrown) throw thrown
    throw wrong(file, codeOf(thrown) === 'ENOENT' ? 'is not there' : `cannot be read: ${messageOf(thrown)}`)
  }
}

const wrong = (file: string, why: string): Thrown =>
  new Thrown(Failure('Invalid', `look for a login in ${file}, as the plugin option \`auth.config\` says`, `it ${why}`))

const credentialIn = (file: string, entry: Login): Credential | undefined => {
  const { auth = '', identitytoken = '', registrytoken = '' } = entry
  const [username = '', password] = auth === '' ? [entry.username, entry.password] : decoded(file, auth)
  if (registrytoken !== '') return { _tag: 'Bearer', username, token: Secret(registrytoken) }
  if (identitytoken !== '') return { _tag: 'Identity', username, token: Secret(identitytoken) }
  return username === '' || password === undefined
    ? undefined
    : { _tag: 'Password', username, password: Secret(password) }
}

const decoded = (file: string, auth: string): readonly [string, string] => {
  // Docker fills up with zeros.
  const text = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '')
  const colon = text.indexOf(':')
  if (colon < 0) throw wrong(file, 'has an `auth` that is not `user:password` in base64')
  return [text.slice(0, colon), text.slice(colon + 1)]
}
