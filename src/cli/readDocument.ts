import { readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import * as E from 'fp-ts/Either'

import { Fault } from '../core/domain/Fault'

const MAX_BYTES = 16 * 1024 * 1024

/** A document read from a file, or one sentence that says why it could not be. */
export type Document = E.Either<string, unknown>

/** The text of a file; a missing file, a directory and a file above 16 MiB are told apart. */
export const readText = (file: string): E.Either<string, string> => {
  try {
    const { size } = statSync(file)
    return size > MAX_BYTES ? E.left(`${file}: is larger than 16 MiB`) : E.right(readFileSync(file, 'utf8'))
  } catch (thrown) {
    return E.left(`${file}: ${reasonOf(thrown)}`)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file', EACCES: 'permission denied', EISDIR: 'is a directory', ENOTDIR: 'no such file'
}

const reasonOf = (thrown: unknown): string => {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : ''
  return REASONS[code] ?? (thrown instanceof Error ? thrown.message : String(thrown))
}

/** A JSON file. */
export const readJson = (file: string): Document => E.chain((text: string) => parseJson(file, text))(readText(file))

const parseJson = (file: string, text: string): Document => {
  try {
    return E.right(JSON.parse(text) as unknown)
  } catch (thrown) {
    return E.left(`${file}: is no JSON: ${reasonOf(thrown)}`)
  }
}

/** A file in JSON when it starts with `{`, else in HCL, read by Nomad's own parser. */
export const readHclOrJson = async (file: string, kind: 'job' | 'plugin'): Promise<Document> => {
  const text = readText(file)
  if (E.isLeft(text)) return text
  if (text.right.trimStart().startsWith('{')) return parseJson(file, text.right)
  try {
    const { parseHcl } = await import('./hcl/parseHcl')
    const [result] = await parseHcl(wasmPath(), [{ kind, name: basename(file), source: text.right }])
    if (result === undefined) return E.left(`${file}: the parser gave no answer`)
    return result.ok ? E.right(result.value) : E.left(result.faults.map(faultLine).join('\n'))
  } catch (thrown) {
    return E.left(`${file}: ${reasonOf(thrown)}`)
  }
}

const faultLine = ({ file, line, column, message }: Fault): string =>
  `${file === undefined ? '' : `${file}${line === undefined ? '' : `:${line},${column ?? 1}`}: `}${message}`

/** The parser lies beside the executable; `CONTAINERD_DRIVER_JOBSPEC` names another one. */
const wasmPath = (): string =>
  process.env['CONTAINERD_DRIVER_JOBSPEC'] ?? join(dirname(realpathSync(process.argv[1] ?? '.')), 'jobspec.wasm')
