import { type FileHandle, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'

import { withoutWasiWarning } from './withoutWasiWarning'

/** One document to read: a job, or an agent's file (or a part of one) with the options of the plugin. */
export type HclRequest = {
  readonly kind: 'job' | 'plugin'
  readonly name: string
  readonly source: string
  readonly vars?: ReadonlyArray<string>
}

/** What became of one document: its JSON value, or the error as Nomad prints it. */
export type HclResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: string }

type Streams = { readonly stdin: FileHandle; readonly stdout: FileHandle; readonly stderr: FileHandle }

/** Reads HCL with Nomad's own parser, compiled to WebAssembly; the results come in the order of the requests. */
export const parseHcl = async (
  wasmPath: string,
  requests: ReadonlyArray<HclRequest>,
): Promise<ReadonlyArray<HclResult>> => {
  const module = await compiled(wasmPath)
  const folder = await mkdtemp(join(tmpdir(), 'containerd-driver-hcl-'))
  try {
    return await answered(module, folder, requests)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

// Liftoff alone compiles the parser in a third of the time, which one short run never earns back.
const compiled = async (wasmPath: string): Promise<WebAssembly.Module> => {
  const bytes = await readFile(wasmPath).catch((cause: unknown) => Promise.reject(unreadable(wasmPath, cause)))
  setFlagsFromString('--liftoff-only')
  return WebAssembly.compile(bytes)
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

// WASI gives the guest's standard streams file descriptors, hence files in a folder that only we can read.
const answered = async (
  module: WebAssembly.Module,
  folder: string,
  requests: ReadonlyArray<HclRequest>,
): Promise<ReadonlyArray<HclResult>> => {
  const [asked, said, complained] = [join(folder, 'in'), join(folder, 'out'), join(folder, 'err')]
  await writeFile(asked, JSON.stringify(requests), { mode: 0o600 })
  const streams: Streams = {
    stdin: await open(asked, 'r'),
    stdout: await open(said, 'wx', 0o600),
    stderr: await open(complained, 'wx', 0o600),
  }
  const code = await ran(module, streams).finally(() => closed(streams))
  if (code !== 0) throw new Error(`the HCL parser failed (exit ${code}): ${(await readFile(complained, 'utf8')).trim()}`)
  return JSON.parse(await readFile(said, 'utf8')) as ReadonlyArray<HclResult>
}

const ran = async (module: WebAssembly.Module, streams: Streams): Promise<number> => {
  const { stdin, stdout, stderr } = streams
  const options = { stdin: stdin.fd, stdout: stdout.fd, stderr: stderr.fd, env: {}, returnOnExit: true }
  const wasi = await withoutWasiWarning(async () => new (await import('node:wasi')).WASI({ version: 'preview1', ...options }))
  const imports = { wasi_snapshot_preview1: wasi.wasiImport } as WebAssembly.Imports
  return wasi.start(await WebAssembly.instantiate(module, imports))
}

const closed = async ({ stdin, stdout, stderr }: Streams): Promise<void> => {
  await Promise.all([stdin, stdout, stderr].map((stream) => stream.close()))
}
