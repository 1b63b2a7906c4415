import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as t from 'io-ts'

import { durationMs } from '../field/scalar'

/** A place that is asked for the images of a registry, as a hosts.toml has it. Paths are as they stand there. */
export interface Host {
  /** Where its API begins; ends with a slash. */
  readonly base: string
  readonly mayPull: boolean
  readonly mayResolve: boolean
  readonly ca: ReadonlyArray<string>
  /** Certificates and their keys; `""` where the certificate's file holds both. */
  readonly client: ReadonlyArray<readonly [certificate: string, key: string]>
  readonly skipVerify: boolean
  readonly header: Readonly<Record<string, ReadonlyArray<string>>>
  readonly dialTimeoutMs: number | undefined
}

/** The mirrors in their order, and the registry itself at the end, under the address that is given for it or its own. */
export interface HostsFile {
  readonly mirrors: ReadonlyArray<Host>
  readonly server: Host | undefined
  /** What stands for the registry itself where `server` is left out. */
  readonly ownSettings: Omit<Host, 'base'>
}

const texts = t.union([t.string, t.readonlyArray(t.string)])

const settings = {
  capabilities: t.readonlyArray(t.keyof({ pull: 1, resolve: 1, push: 1 })),
  ca: texts,
  client: t.union([t.string, t.readonlyArray(t.union([t.string, t.readonlyArray(t.string)]))]),
  skip_verify: t.boolean,
  header: t.record(t.string, texts),
  override_path: t.boolean,
  dial_timeout: t.string
}

const document = t.partial({ ...settings, server: t.string, host: t.record(t.string, t.partial(settings)) })

type Settings = t.TypeOf<typeof document>

/**
 * Reads what a hosts.toml says (containerd's docs/hosts.md); Left says what in it is wrong. What containerd does not
 * know in it is left out, as containerd does.
 */
export const decode = (value: unknown): E.Either<string, HostsFile> =>
  pipe(
    document.decode(value),
    E.mapLeft(wrongPart),
    E.chain((file) =>
      pipe(
        Object.entries(file.host ?? {}),
        RA.traverse(E.Applicative)(([address, one]) => hostOf(address, one)),
        E.chain((mirrors) =>
          pipe(
            serverOf(file),
            E.chain((server) =>
              E.map((ownSettings: Omit<Host, 'base'>): HostsFile => ({ mirrors, server, ownSettings }))(
                settingsOf('server', file)
              )
            )
          )
        )
      )
    )
  )

const serverOf = (file: Settings): E.Either<string, Host | undefined> =>
  file.server === undefined || file.server === '' ? E.right(undefined) : hostOf(file.server, file)

const wrongPart = (errors: t.Errors): string => {
  const keys = (errors[0]?.context ?? []).map(({ key }) => key).filter((key) => key !== '' && !/^\d+$/.test(key))
  return `has something else at \`${keys.join('.')}\` than containerd expects there`
}

const hostOf = (address: string, given: Settings): E.Either<string, Host> =>
  E.chain((base: string) => E.map((rest: Omit<Host, 'base'>): Host => ({ base, ...rest }))(settingsOf(address, given)))(
    baseOf(address, given.override_path === true)
  )

/** containerd adds `/v2` where the path does not end so; a host without a scheme is spoken to over https. */
const baseOf = (address: string, isWhole: boolean): E.Either<string, string> => {
  const written = /^https?:\/\//.test(address) ? address : `https://${address}`
  const [, scheme = '', host = '', path = ''] = /^(https?):\/\/([^/?#\s@]+)(\/[^?#\s]*)?$/.exec(written) ?? []
  if (host === '') return E.left(`names \`${address}\`, which is no address of a registry`)
  const trimmed = path.replace(/\/+/g, '/').replace(/\/$/, '')
  const whole = isWhole || trimmed.endsWith('/v2') ? trimmed : `${trimmed}/v2`
  return E.right(`${scheme}://${host}${whole}/`)
}

const settingsOf = (name: string, given: Settings): E.Either<string, Omit<Host, 'base'>> => {
  const { capabilities, ca = [], client, skip_verify: skipVerify = false, header = {}, dial_timeout: dial } = given
  const timeout = dial === undefined ? E.right(undefined) : durationMs(dial)
  if (E.isLeft(timeout)) return E.left(`has at \`${name}\` the dial_timeout \`${dial ?? ''}\`, which is no duration`)
  const may = (what: 'pull' | 'resolve'): boolean => capabilities === undefined || capabilities.includes(what)
  return E.right({
    mayPull: may('pull'),
    mayResolve: may('resolve'),
    ca: listOf(ca),
    client: pairsOf(client),
    skipVerify,
    header: Object.fromEntries(Object.entries(header).map(([key, said]) => [key, listOf(said)])),
    dialTimeoutMs: timeout.right
  })
}

const listOf = (given: string | ReadonlyArray<string>): ReadonlyArray<string> =>
  typeof given === 'string' ? [given] : given

const pairsOf = (given: Settings['client']): Host['client'] =>
  typeof given === 'string'
    ? [[given, '']]
    : (given ?? []).map((one) => (typeof one === 'string' ? [one, ''] : [one[0] ?? '', one[1] ?? '']))
