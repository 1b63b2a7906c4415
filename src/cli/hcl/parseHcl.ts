import { readFile } from 'node:fs/promises'

import { type Ended, runGuest } from './guest'

/**
 * One document to read: a job, or an agent's file (or a part of one) with the options of the plugin. Of a job's source also an
 * `outline` of what its tasks say, and to `rewrite` it by edits of that outline.
 */
export type HclRequest = {
  readonly kind: 'job' | 'plugin' | 'outline' | 'rewrite'
  readonly name: string
  readonly source: string
  readonly vars?: ReadonlyArray<string>
  readonly edits?: ReadonlyArray<object>
}

/** What became of one document: its JSON value, or the error as Nomad prints it. */
export type HclResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: string }

/** Reads HCL with Nomad's own parser, compiled to WebAssembly; the results come in the order of the requests. */
export const parseHcl = async (
  wasmPath: string,
  requests: ReadonlyArray<HclRequest>,
): Promise<ReadonlyArray<HclResult>> => {
  const program = await readFile(wasmPath).catch((cause: unknown) => Promise.reject(unreadable(wasmPath, cause)))
  return results(await runGuest(program, JSON.stringify(requests)))
}

const results = ({ code, output, errors }: Ended): ReadonlyArray<HclResult> => {
  if (code !== 0) throw new Error(`the HCL parser failed (exit ${code}): ${errors.trim()}`)
  return JSON.parse(output) as ReadonlyArray<HclResult>
}

const unreadable = (wasmPath: string, cause: unknown): Error =>
  isMissing(cause)
    ? new Error(
        'reading HCL needs `dist/jobspec.wasm`; make it with `npm run build`; ' +
          `JSON jobs (\`nomad job run -output JOB\`) need none of it (looked for ${wasmPath})`,
        { cause },
      )
    : new Error(`cannot read ${wasmPath}: ${String(cause)}`, { cause })

const isMissing = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
