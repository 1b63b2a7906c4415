import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { build } from 'esbuild'

import { fixtures } from './fixtures'

const ROOT = path.join(__dirname, '../..')
const TSC = path.join(ROOT, 'node_modules/typescript/bin/tsc')

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'library-'))
afterAll(() => { fs.rmSync(dir, { recursive: true, force: true }) })

const write = (name: string, text: string): void => { fs.writeFileSync(path.join(dir, name), text) }

const run = (file: string, ...args: ReadonlyArray<string>): string => {
  const { NODE_EXTRA_CA_CERTS: _slow, ...env } = process.env
  return execFileSync(file, args, { cwd: dir, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 })
}

/** What a failing command says on its stdout. */
const outputOf = (file: string, ...args: ReadonlyArray<string>): string => {
  try {
    return run(file, ...args)
  } catch (thrown) {
    return String((thrown as { readonly stdout: unknown }).stdout)
  }
}

// fast-check is the consumer's own; it has no other package than this repository's.
const pack = (): ReadonlyArray<string> => {
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', dir], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const [{ filename, files }] = JSON.parse(packed)
  write('package.json', '{ "name": "consumer", "private": true }')
  run('npm', 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', `./${filename}`)
  for (const name of ['fast-check', 'pure-rand']) fs.symlinkSync(path.join(ROOT, 'node_modules', name), path.join(dir, 'node_modules', name))
  return files.map((one: { readonly path: string }) => one.path)
}

/** A program that uses what it imports by its types. */
const CONSUMER = `
import { canonical, classify, compile, diff, explain, jobTasks, plan, planText, pretty, redact } from 'containerd-driver'
import type { CompiledTask, Documents, FactsDocument, Issue, Notice, Spec } from 'containerd-driver'
import { cases } from 'containerd-driver/testing'
import * as fc from 'fast-check'

export const specOf = (documents: Documents, facts: FactsDocument): string => {
  const made = compile(documents, facts)
  if (!made.ok) return made.issues.map((issue: Issue) => explain(issue)).join('\\n')
  const task: CompiledTask = made
  const { spec } = task.compiled
  const args: ReadonlyArray<string> = spec.process.args
  return args.length > 0 ? pretty(spec) : ''
}

export const versionOf = (spec: Spec): string => spec.ociVersion

export const stepsOf = (documents: Documents): string => {
  const made = plan(documents)
  return made.ok ? made.plans.map(planText).join('\\n') : made.notices.map((one: Notice) => explain(one)).join('')
}

export const same = (documents: Documents): string => {
  const made = compile(documents)
  return made.ok ? classify(diff(made.document, redact(made.document))) : ''
}

export const sampled = (): boolean => fc.sample(cases, 3).every(({ documents, facts }) => compile(documents, facts).ok)

export const tasks = (job: unknown): number => {
  const found = jobTasks(job)
  return found.ok ? found.tasks.map(({ documents }) => canonical(documents)).length : -1
}

// @ts-expect-error documents are three
compile({ task: {} })
// @ts-expect-error a refusal has no spec
compile({ task: {}, plugin: {}, allocation: {} }).compiled
`

const CALLS = `
const [, , file] = process.argv
const cases = JSON.parse(require('node:fs').readFileSync(file, 'utf8'))
const use = ({ specOf, sampled, tasks }) => {
  const wrong = cases.filter(({ documents, facts, spec }) => specOf(documents, facts) !== spec).map(({ name }) => name)
  console.log(JSON.stringify({ wrong, sampled: sampled(), tasks: tasks({ ID: 'x' }) }))
}
`

describe('the package, installed from its tarball', () => {
  let files: ReadonlyArray<string> = []
  const some = fixtures().filter(({ spec }) => spec !== undefined)

  beforeAll(() => {
    files = pack()
    write('consumer.mts', CONSUMER)
    write('consumer.cts', CONSUMER)
    write('bundled.ts', CONSUMER)
    write('cases.json', JSON.stringify(some))
    write('calls.cjs', `${CALLS}process.argv[3] === 'import' ? import('./consumer.mjs').then(use) : use(require('./consumer.cjs'))`)
    const common = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false, target: 'es2022', lib: ['es2022', 'dom'], types: [] }
    write('node16.json', JSON.stringify({ compilerOptions: { ...common, module: 'node16', moduleResolution: 'node16' }, files: ['consumer.mts', 'consumer.cts'] }))
    write('bundler.json', JSON.stringify({ compilerOptions: { ...common, module: 'esnext', moduleResolution: 'bundler', noEmit: true }, files: ['bundled.ts'] }))
  })

  it('holds the library, the schemas and the program, and needs no other package', () => {
    expect(files).toEqual(expect.arrayContaining([
      'dist/containerd-driver', 'dist/jobspec.wasm', 'dist/lib/index.cjs', 'dist/lib/index.mjs', 'dist/lib/index.d.cts', 'dist/lib/index.d.mts',
      'dist/lib/testing.cjs', 'dist/lib/testing.mjs', 'docs/schema/task.schema.json', 'docs/schema/plugin.schema.json', 'LICENSE', 'README.md'
    ]))
    expect(files.filter((name) => /^(src|test|scripts)\//.test(name))).toEqual([])
    const { dependencies } = JSON.parse(fs.readFileSync(path.join(dir, 'node_modules/containerd-driver/package.json'), 'utf8'))
    expect(dependencies).toBeUndefined()
  })

  it('has types that stand alone, for node16 and for bundlers, which notice mistakes', () => {
    expect(outputOf('node', TSC, '-p', 'node16.json')).toBe('')
    expect(outputOf('node', TSC, '-p', 'bundler.json')).toBe('')
    write('wrong.mts', "import { compile } from 'containerd-driver'\nexport const x: number = compile({ task: 1, plugin: 2, allocation: 3 })\n")
    expect(outputOf('node', TSC, '--noEmit', '--strict', '--module', 'node16', '--skipLibCheck', 'wrong.mts')).toContain("is not assignable to type 'number'")
  })

  it.each(['import', 'require'])('compiles every fixture through %s', (way) => {
    expect(some.length).toBeGreaterThan(100)
    expect(JSON.parse(run('node', 'calls.cjs', 'cases.json', way))).toEqual({ wrong: [], sampled: true, tasks: 0 })
  })

  it('runs as a program, and names its schemas', () => {
    expect(run('node_modules/.bin/containerd-driver', '--version').trim()).toMatch(/^\d+\.\d+\.\d+$/)
    expect(run('node', '-p', "require('containerd-driver/schema/task.json').$id").trim()).toBe('urn:containerd-driver:schema:task')
  })

  const bundled = async (contents: string): Promise<string> => {
    const { outputFiles: [file] } = await build({
      stdin: { contents, resolveDir: dir }, bundle: true, write: false, minify: true, platform: 'browser', format: 'esm', target: 'es2022'
    })
    return file!.text
  }

  it('costs a bundle only what is imported', async () => {
    const small = await bundled("import { canonical } from 'containerd-driver'; console.log(canonical({ b: 1n, a: [2] }))")
    write('small.mjs', small)
    expect(run('node', 'small.mjs')).toBe('{"a":[2],"b":1}\n')
    const whole = await bundled("import { compile } from 'containerd-driver'; console.log(compile({}))")
    expect(small.length).toBeLessThan(4000)
    expect(whole.length).toBeGreaterThan(20 * small.length)
  })
})
