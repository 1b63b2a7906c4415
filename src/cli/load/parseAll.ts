import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

import * as E from 'fp-ts/Either'

import { DocumentPath } from '../../core/domain/DocumentPath'
import { Fault } from '../../core/domain/Fault'
import { jsonFault } from '../../core/domain/jsonFault'
import { jsonPositions } from '../../core/domain/jsonPositions'
import { Position } from '../../core/domain/Position'
import { placesOf } from '../../core/job/placeOf'
import { pluginPositionsOfJson } from '../../core/job/pluginPositionsOfJson'
import { Positions } from '../../core/job/Positions'
import { positionsOfJson } from '../../core/job/positionsOfJson'
import { faultText } from '../../core/report/faultText'
import type { HclResult } from '../hcl/parseHcl'
import type { Reach } from '../hcl/Reach'
import { reasonOf } from './readText'
import { Unreadable, unreadable } from './Unreadable'

/** A text to parse: a Nomad job, or an operator's options. */
export interface Text {
  readonly kind: 'job' | 'plugin'
  readonly file: string
  readonly text: string
  /** What the job may read itself. */
  readonly reach?: Reach
}

/**
 * A parsed text. `placeOf` tells line and column of an option of a task (`group/task`; of the operator's file
 * `plugin`).
 */
export interface Parsed {
  readonly value: unknown
  readonly placeOf: (task: string, at: DocumentPath) => Position | undefined
}

/** The variables of HCL jobs, as `nomad job run` takes them. */
export interface Variables {
  readonly vars: ReadonlyArray<string>
  readonly varFiles: ReadonlyArray<{ readonly name: string; readonly source: string }>
  readonly envs: ReadonlyArray<string>
}

type Outcome = E.Either<Unreadable, Parsed>

export const isJson = (text: string): boolean => text.trimStart().startsWith('{')

/** Parses texts, in JSON when they start with `{`, else in HCL, all in one instance of Nomad's own parser. */
export const parseAll = async (texts: ReadonlyArray<Text>, variables: Variables): Promise<ReadonlyArray<Outcome>> => {
  const hcl = await parseHclTexts(
    texts.filter(({ text }) => !isJson(text)),
    variables
  )
  return texts.map((one) =>
    isJson(one.text) ? parseJsonText(one) : (hcl.get(one) ?? E.left(unreadable(one.file, 'the parser gave no answer')))
  )
}

const parseJsonText = (one: Text): Outcome => {
  try {
    const positionsOf = one.kind === 'job' ? positionsOfJson : pluginPositionsOfJson
    return E.right(located(JSON.parse(one.text) as unknown, (value) => positionsOf(value, jsonPositions(one.text))))
  } catch (thrown) {
    const fault = jsonFault(one.text)
    return E.left(
      faulty(one, [
        fault === undefined
          ? { message: `is no JSON: ${reasonOf(thrown)}` }
          : { line: fault.line, column: fault.column, message: `is no JSON: ${fault.reason}` }
      ])
    )
  }
}

/** Places are looked for when the first is asked for: most jobs have nothing that is told of them. */
const located = (value: unknown, positionsOf: (value: unknown) => Positions): Parsed => {
  let known: ReadonlyMap<string, (at: DocumentPath) => Position | undefined> | undefined
  return {
    value,
    placeOf: (task, at) => {
      known ??= new Map(Object.entries(positionsOf(value)).map(([name, places]) => [name, placesOf(places)]))
      return known.get(task)?.(at)
    }
  }
}

const faulty = ({ file, text }: Text, faults: ReadonlyArray<Fault>): Unreadable => ({
  text: faults
    .map((fault) => faultText(file, fault.file === undefined || fault.file === file ? text : '', fault))
    .join(''),
  faults: faults.map((fault) => ({ file, ...fault }))
})

const parseHclTexts = async (
  texts: ReadonlyArray<Text>,
  { vars, varFiles, envs }: Variables
): Promise<ReadonlyMap<Text, Outcome>> => {
  if (texts.length === 0) return new Map()
  try {
    const { parseHcl } = await import('../hcl/parseHcl')
    const results = await parseHcl(
      wasmPath(),
      texts.map(({ kind, file, text, reach }) => ({
        kind,
        name: file,
        source: text,
        ...(kind === 'job' ? { vars, varFiles, envs } : {}),
        ...(reach === undefined ? {} : { reach })
      }))
    )
    return new Map(texts.map((text, index): [Text, Outcome] => [text, outcomeOf(text, results[index])]))
  } catch (thrown) {
    return new Map(texts.map((text) => [text, E.left(unreadable(text.file, reasonOf(thrown)))]))
  }
}

const outcomeOf = (text: Text, result: HclResult | undefined): Outcome => {
  if (result === undefined) return E.left(unreadable(text.file, 'the parser gave no answer'))
  return result.ok ? E.right(located(result.value, () => result.positions)) : E.left(faulty(text, result.faults))
}

/** The parser lies beside the executable; `CONTAINERD_DRIVER_JOBSPEC` names another one. */
export const wasmPath = (): string =>
  process.env['CONTAINERD_DRIVER_JOBSPEC'] ?? join(dirname(realpathSync(process.argv[1] ?? '.')), 'jobspec.wasm')
