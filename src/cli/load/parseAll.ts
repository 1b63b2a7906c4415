import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

import * as E from 'fp-ts/Either'

import { reasonOf } from './readText'

/** A text to parse: a Nomad job, or an operator's options. */
export interface Text {
  readonly kind: 'job' | 'plugin'
  readonly file: string
  readonly text: string
}

/** A parsed text. `placeOf` tells line and column of an option of a task. */
export interface Parsed {
  readonly value: unknown
  readonly placeOf: (task: string, at: string) => readonly [number, number] | undefined
}

/** The variables of HCL jobs, as `nomad job run` takes them. */
export interface Variables {
  readonly vars: ReadonlyArray<string>
  readonly varFiles: ReadonlyArray<{ readonly name: string; readonly source: string }>
  readonly envs: ReadonlyArray<string>
}

export const isJson = (text: string): boolean => text.trimStart().startsWith('{')

/** Parses texts, in JSON when they start with `{`, else in HCL, all in one instance of Nomad's own parser. Left is what to tell. */
export const parseAll = async (texts: ReadonlyArray<Text>, variables: Variables): Promise<ReadonlyArray<E.Either<string, Parsed>>> => {
  const hcl = await parseHclTexts(texts.filter(({ text }) => !isJson(text)), variables)
  return texts.map((one) => (isJson(one.text) ? parseJsonText(one) : (hcl.get(one) ?? E.left(`${one.file}: the parser gave no answer`))))
}

const parseJsonText = ({ file, text }: Text): E.Either<string, Parsed> => {
  try {
    return E.right({ value: JSON.parse(text) as unknown, placeOf: () => undefined })
  } catch (thrown) {
    return E.left(`${file}: is no JSON: ${reasonOf(thrown)}`)
  }
}

const parseHclTexts = async (texts: ReadonlyArray<Text>, { vars }: Variables): Promise<ReadonlyMap<Text, E.Either<string, Parsed>>> => {
  if (texts.length === 0) return new Map()
  try {
    const { parseHcl } = await import('../hcl/parseHcl')
    const results = await parseHcl(wasmPath(), texts.map(({ kind, file, text }) => ({ kind, name: file, source: text, vars: kind === 'job' ? vars : [] })))
    return new Map(texts.map((text, index): [Text, E.Either<string, Parsed>] => {
      const result = results[index]
      if (result === undefined) return [text, E.left(`${text.file}: the parser gave no answer`)]
      return [text, result.ok ? E.right({ value: result.value, placeOf: () => undefined }) : E.left(result.error.trimEnd())]
    }))
  } catch (thrown) {
    return new Map(texts.map((text) => [text, E.left(`${text.file}: ${reasonOf(thrown)}`)]))
  }
}

/** The parser lies beside the executable; `CONTAINERD_DRIVER_JOBSPEC` names another one. */
export const wasmPath = (): string =>
  process.env['CONTAINERD_DRIVER_JOBSPEC'] ?? join(dirname(realpathSync(process.argv[1] ?? '.')), 'jobspec.wasm')
