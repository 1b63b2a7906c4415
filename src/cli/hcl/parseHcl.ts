import { readFile } from 'node:fs/promises'

import { Fault } from '../../core/domain/Fault'
import { Positions } from '../../core/job/Positions'
import { type Ended, type Guest, loadGuest } from './guest'
import type { Reach } from './Reach'
import { declared } from './undeclared'
import { withRefusals } from './withRefusals'

/** A file with values for a job's variables, in HCL or JSON. */
export type VarFile = { readonly name: string; readonly source: string }

/**
 * One document to read: a job with its variables, or an agent's file (or a part of one) with the options of the plugin.
 * Of a job's source also an `outline` of what its tasks say, and to `rewrite` it by edits of that outline.
 */
export type HclRequest = {
  readonly kind: 'job' | 'plugin' | 'outline' | 'rewrite'
  readonly name: string
  readonly source: string
  /** `NAME=VALUE` as after `-var`. They win over the files, the files (a later one over an earlier) over `envs`. */
  readonly vars?: ReadonlyArray<string>
  readonly varFiles?: ReadonlyArray<VarFile>
  /** `NOMAD_VAR_NAME=VALUE`. */
  readonly envs?: ReadonlyArray<string>
  readonly edits?: ReadonlyArray<object>
  /** What the functions of a job that ask for files see; none where it is left out. */
  readonly reach?: Reach
}

/** What became of one document: its JSON value and where its parts are written, or each mistake in it. */
export type HclResult =
  | { readonly ok: true; readonly value: unknown; readonly positions: Positions }
  | { readonly ok: false; readonly faults: ReadonlyArray<Fault> }

/** Reads HCL with Nomad's own parser, compiled to WebAssembly; the results come in the order of the requests. */
export const parseHcl = async (
  wasmPath: string,
  requests: ReadonlyArray<HclRequest>
): Promise<ReadonlyArray<HclResult>> => {
  const program = await readFile(wasmPath).catch((cause: unknown) => Promise.reject(unreadable(wasmPath, cause)))
  const guest = await loadGuest(program).catch(() =>
    Promise.reject(new Error(`${wasmPath} is no WebAssembly program; make it with \`npm run build\``))
  )
  const results: Array<HclResult> = []
  while (results.length < requests.length) results.push(...(await someResults(guest, requests.slice(results.length))))
  return results
}

/** Results of the first requests, one at least: those up to the first that is too large or that ends the parser. */
const someResults = async (guest: Guest, requests: ReadonlyArray<HclRequest>): Promise<ReadonlyArray<HclResult>> => {
  const batch = requests.slice(0, batchLength(requests))
  const [first] = requests
  if (first === undefined) return []
  if (batch.length === 0) return [failed(first, `is larger than ${MOST_LETTERS / MIB} MiB; no job needs that`)]
  const ended = await guest(JSON.stringify(batch.map(sent)), batch.map(({ reach }) => reach))
  const results = ended.output.split('\n').slice(0, -1).map((line, index) => result(line, batch[index] ?? first))
  const ending = batch[results.length]
  return ending === undefined ? results : [...results, stopped(ending, ended)]
}

/** A request as the parser reads it: of its files only where relative paths start. */
const sent = ({ reach, ...request }: HclRequest): object =>
  reach === undefined ? request : { ...request, baseDir: reach.dir }

const MIB = 1024 * 1024
const MOST_LETTERS = 2 * MIB
const BATCH_LETTERS = 16 * MIB

/** How many of the requests to read with one instance of the parser: until one is too large, or all together are. */
const batchLength = (requests: ReadonlyArray<HclRequest>): number => {
  let letters = 0
  const end = requests.findIndex((request) => {
    const own = lettersOf(request)
    letters += own
    return own > MOST_LETTERS || letters > BATCH_LETTERS
  })
  return end < 0 ? requests.length : end
}

const lettersOf = ({ source, vars = [], varFiles = [], envs = [] }: HclRequest): number =>
  [source, ...vars, ...envs, ...varFiles.map((file) => file.source)].reduce((sum, text) => sum + text.length, 0)

const failed = ({ name }: HclRequest, message: string): HclResult => ({ ok: false, faults: [{ file: name, message }] })

const result = (line: string, { name, source, reach }: HclRequest): HclResult => {
  const given = JSON.parse(line) as HclResult
  const faults = withRefusals(name, given.ok ? [] : given.faults, reach?.refusals() ?? [])
  return given.ok && faults.length === 0
    ? { ok: true, value: given.value, positions: onlyOwn(given).positions ?? {} }
    : { ok: false, faults: faults.map((fault) => declared(fault, source)) }
}

// A reader that tells no places leaves the member out.
const onlyOwn = (given: HclResult & { readonly ok: true }): { readonly positions?: Positions } => given

const stopped = (request: HclRequest, ended: Ended): HclResult => {
  const faults = withRefusals(request.name, [], request.reach?.refusals() ?? [])
  return faults.length > 0 ? { ok: false, faults } : failed(request, lastWords(ended))
}

/** What to say of a document that ended the parser: what it wrote itself is a trace of its own functions. */
const lastWords = ({ end, errors }: Ended): string => {
  if (end === 'stack') return 'is nested too deeply, or has too long an expression, to be read'
  if (/out of memory|cannot allocate/.test(errors))
    return 'needs more memory than the parser has; is a text in it made over and over?'
  return 'cannot be read: the parser stopped; read the JSON that `nomad job run -output` makes of the job instead'
}

const unreadable = (wasmPath: string, cause: unknown): Error =>
  isMissing(cause)
    ? new Error(
        'reading HCL needs `dist/jobspec.wasm`; make it with `npm run build`; ' +
          `JSON jobs (\`nomad job run -output JOB\`) need none of it (looked for ${wasmPath})`,
        { cause },
      )
    : new Error(`cannot read ${wasmPath}: ${String(cause)}`, { cause })

const isMissing = (cause: unknown): boolean =>
  typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT'
