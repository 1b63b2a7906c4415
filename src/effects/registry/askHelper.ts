import { spawn } from 'node:child_process'

import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { Failure } from '../../core/domain/Failure'
import { Secret } from '../../core/domain/Secret'
import { killNow } from '../host/killNow'
import { documentIn } from '../ports/documentIn'
import { messageOf, Thrown } from '../ports/Thrown'
import { Credential } from './Credential'

const answer = t.type({ Username: t.string, Secret: t.string })

const MOST_BYTES = 1024 * 1024
const PATIENCE_MS = 30_000

/**
 * Asks a credential helper of Docker's (`docker-credential-<name> get`) for the login at one server, which is all that
 * it is told, on its stdin. It gets PATH and HOME of this process and no other variable, and half a minute. Undefined
 * where it knows no login; throws `Thrown` (Unavailable) where it fails. Nothing of what it says is told to anybody.
 */
export const askHelper = async (
  name: string, server: string, signal: AbortSignal
): Promise<Credential | undefined> => {
  const program = `docker-credential-${name}`
  const failed = (why: string): Thrown =>
    new Thrown(Failure('Unavailable', `ask ${program} for the login at ${server}`, why))
  const { code, said } = await run(program, server, signal).catch((thrown: unknown) => {
    throw failed(`it cannot be run: ${messageOf(thrown)}`)
  })
  if (code !== 0) {
    if (said.toString('utf8').trim() === NOT_FOUND) return undefined
    throw failed(`it ${typeof code === 'number' ? `ended with ${String(code)}` : `was ended by ${code}`}`)
  }
  const decoded = E.chainW((value: unknown) => answer.decode(value))(documentIn(said))
  if (E.isLeft(decoded)) throw failed('it answers no JSON with `Username` and `Secret`')
  const { Username: username, Secret: secret } = decoded.right
  return username === IDENTITY
    ? { _tag: 'Identity', username, token: Secret(secret) }
    : { _tag: 'Password', username, password: Secret(secret) }
}

// The protocol of the helpers has no other sign of it (docker-credential-helpers, credentials/error.go).
const NOT_FOUND = 'credentials not found in native keychain'

/** The user name of a secret that is an identity token. */
const IDENTITY = '<token>'

interface Ended {
  readonly code: number | NodeJS.Signals
  readonly said: Buffer
}

const run = (program: string, server: string, signal: AbortSignal): Promise<Ended> =>
  new Promise((settle, refuse) => {
    const { PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME = '/root' } = process.env
    // A group of its own: what it starts ends with it.
    const child = spawn(program, ['get'], {
      env: { PATH, HOME, LC_ALL: 'C' }, stdio: ['pipe', 'pipe', 'ignore'], detached: true
    })
    const end = (): void => { if (child.pid !== undefined) killNow(-child.pid) }
    const timer = setTimeout(end, PATIENCE_MS)
    signal.addEventListener('abort', end)
    const over = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
    }
    const chunks: Array<Buffer> = []
    let length = 0
    child.on('error', (error) => { over(); refuse(error) })
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > MOST_BYTES) end()
      else chunks.push(chunk)
    })
    // A helper that ends without reading is told by how it ends.
    child.stdin.on('error', () => undefined)
    child.stdin.end(server)
    child.on('close', (code, killedBy) => {
      over()
      settle({ code: code ?? killedBy ?? 1, said: Buffer.concat(chunks) })
    })
  })
