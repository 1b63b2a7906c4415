import * as E from 'fp-ts/Either'

import { utf8Length } from '../domain/bytes'
import { COMMAND_BYTES } from '../domain/ceilings'
import { unless } from '../domain/collected'
import { DocumentPath, inAllocation, inImage, inTask } from '../domain/DocumentPath'
import { Issue, Issues } from '../domain/Issue'
import { Secret } from '../domain/Secret'
import { ImageConfig } from '../image/ImageConfig'

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Variables by their names. */
export type Env = Readonly<Record<string, Secret>>

/**
 * The environment: a PATH, a HOSTNAME as in Docker (and a TERM with a terminal), the image's, that of CDI devices, then
 * Nomad's, which wins.
 * Names are unique; a bad name is an Issue, its value is not shown. An entry of the image without a name is left out.
 */
export const envOf = (
  nomad: Env,
  image: ImageConfig,
  devices: ReadonlyArray<string>,
  { terminal, hostname }: { readonly terminal: boolean; readonly hostname: string }
): E.Either<Issues, Env> => {
  const bad = [
    ...badNames(Object.keys(nomad), inAllocation('env')),
    ...badValues(nomad),
    ...(image.env.some((line) => hasNul(line) && !Object.hasOwn(nomad, nameIn(line)))
      ? [Issue('BadValue', inImage('config', 'Env'), undefined, 'must not contain a NUL byte')]
      : [])
  ]
  return unless(bad, {
    PATH: Secret(DEFAULT_PATH),
    ...(hostname === '' ? {} : { HOSTNAME: Secret(hostname) }),
    ...(terminal ? { TERM: Secret('xterm') } : {}),
    ...envIn(image.env.filter((line) => nameIn(line) !== '')),
    ...envIn(devices),
    ...nomad
  })
}

/** The name in a `NAME=value`; empty where it has none. */
export const nameIn = (line: string): string => line.split('=')[0] ?? ''

const envIn = (lines: ReadonlyArray<string>): Env =>
  Object.fromEntries(lines.map((line) => {
    const at = line.indexOf('=')
    return [at < 0 ? line : line.slice(0, at), Secret(at < 0 ? '' : line.slice(at + 1))]
  }))

const BAD_NAME = /^$|[=\u0000]/

const hasNul = (text: string): boolean => text.includes('\u0000')

const badNames = (names: ReadonlyArray<string>, at: DocumentPath): ReadonlyArray<Issue> =>
  names
    .filter((name) => BAD_NAME.test(name))
    .map((name) => Issue('BadValue', at, name, 'is no name of an environment variable (empty, or with `=` or NUL)'))

const badValues = (env: Env): ReadonlyArray<Issue> =>
  Object.keys(env)
    .filter((name) => hasNul(env[name]?.reveal() ?? ''))
    .map((name) => Issue('BadValue', inAllocation('env', name), undefined, 'must not contain a NUL byte'))

// execve(2) counts the end of each text and a pointer to it too.
const BESIDE = 9

/**
 * What is wrong with the size of all arguments and variables together: no process is started with more than Linux
 * takes.
 */
export const tooMuch = (args: ReadonlyArray<string>, env: Env): ReadonlyArray<Issue> => {
  const lettersOf = (size: (text: string) => number): number =>
    Object.keys(env).reduce(
      (sum, name) => sum + size(name) + 1 + size(env[name]?.reveal() ?? '') + BESIDE,
      args.reduce((sum, text) => sum + size(text) + BESIDE, 0)
    )
  // To count bytes costs more than to count letters, which are at most three each.
  const bytes = lettersOf(({ length }) => 3 * length) <= COMMAND_BYTES ? 0 : lettersOf(utf8Length)
  const most = String(COMMAND_BYTES)
  const reason = `come to ${String(bytes)} bytes with the environment; Linux takes at most ${most} of both`
  return bytes <= COMMAND_BYTES
    ? []
    : [Issue('BadValue', inTask('args'), undefined, reason, 'write a file, and name it')]
}
