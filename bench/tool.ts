import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import type { Figure } from './compile'

const FIXTURES = 'fixtures/specs'
const CASES = 1000
const ROUNDS = 5

/** How long a command took, and the most memory that it had. */
interface Run {
  readonly milliseconds: number
  readonly megabytes: number
}

const peakOf = (pid: number | undefined): number => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

const run = (executable: string, args: ReadonlyArray<string>, cwd: string): Promise<Run> =>
  new Promise((resolve, reject) => {
    const before = process.hrtime.bigint()
    const child = spawn(executable, args, { cwd, stdio: 'ignore' })
    let megabytes = 0
    const watch = setInterval(() => { megabytes = Math.max(megabytes, peakOf(child.pid)) }, 10)
    child.on('error', reject)
    child.on('exit', (code) => {
      clearInterval(watch)
      if (code === null || code > 1) reject(new Error(`${args.join(' ')} ended with ${String(code)}`))
      else resolve({ milliseconds: Number(process.hrtime.bigint() - before) / 1e6, megabytes })
    })
  })

const many = <A>(count: number, item: (index: number) => A): ReadonlyArray<A> => Array.from({ length: count }, (_, index) => item(index))

/** The median of some runs, after one that does not count, and the most memory of them. */
const best = async (executable: string, args: ReadonlyArray<string>, cwd: string): Promise<Run> => {
  const runs: Array<Run> = []
  for (let index = 0; index <= ROUNDS; index += 1) runs.push(await run(executable, args, cwd))
  const counted = runs.slice(1).sort((a, b) => a.milliseconds - b.milliseconds)
  return { milliseconds: counted[Math.floor(counted.length / 2)]?.milliseconds ?? NaN, megabytes: Math.max(...counted.map(({ megabytes }) => megabytes)) }
}

/** A thousand fixture cases that can be read: those of the repository, again and again. */
const fixtureSuite = (dir: string): void => {
  const names = fs.readdirSync(FIXTURES).filter((name) => !/^refused-(?:facts-file|image-config)/.test(name))
  for (let index = 0; index < CASES; index += 1) {
    const name = names[index % names.length] ?? ''
    fs.cpSync(path.join(FIXTURES, name), path.join(dir, 'cases', `${String(index)}-${name}`), { recursive: true })
  }
  fs.writeFileSync(path.join(dir, 'containerd-driver.json'), JSON.stringify({ jobs: ['cases/*'] }))
}

const hclSuite = (dir: string): void => {
  const source = fs.readFileSync('examples/hello.nomad.hcl', 'utf8')
  // Sixty lines, as jobs have.
  const checks = many(5, (index) => `\n    service {\n      name = "check-${String(index)}"\n      tags = [\n        "bench",\n      ]\n    }\n`).join('')
  const long = source.replace(/\n {4}task /, `${checks}\n    task `)
  fs.mkdirSync(path.join(dir, 'jobs'))
  for (let index = 0; index < CASES; index += 1) fs.writeFileSync(path.join(dir, 'jobs', `${String(index)}.nomad.hcl`), long.replace('"hello"', `"hello-${String(index)}"`))
  fs.writeFileSync(path.join(dir, 'containerd-driver.json'), JSON.stringify({ jobs: ['jobs/*.nomad.hcl'] }))
}

/** A spec of a megabyte; one word in so many is another one. */
const megabyte = (other: string, every: number): string => {
  const word = (index: number): string => (index % every === every - 1 ? `${other}-${String(index)}` : `word-${String(index)}`)
  return JSON.stringify({
    ociVersion: '1.1.0', root: { path: 'rootfs' },
    process: { args: ['sh'], cwd: '/', user: { uid: 0, gid: 0 }, env: many(4000, (index) => `NAME_${String(index)}=${word(index)} and some more letters that make its value longer than that`) },
    mounts: many(3500, (index) => ({ destination: `/data/${String(index)}`, type: 'bind', source: `/srv/${word(index)}`, options: ['rbind', 'ro', 'rprivate', 'nosuid'] })),
    annotations: Object.fromEntries(many(4000, (index) => [`example.com/label-${String(index)}`, word(index)]))
  })
}

/** What a team waits for in its checks: many cases at once, and large specs. */
export const toolFigures = async (executable: string): Promise<ReadonlyArray<Figure>> => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-tool-'))
  const dir = (name: string): string => { fs.mkdirSync(path.join(root, name)); return path.join(root, name) }
  try {
    const [fixtures, hcl, specs] = [dir('fixtures'), dir('hcl'), dir('specs')]
    fixtureSuite(fixtures)
    hclSuite(hcl)
    for (const [name, other, every] of [['a.json', 'one', 500], ['b.json', 'another', 500], ['c.json', 'third', 1]] as const) {
      fs.writeFileSync(path.join(specs, name), megabyte(other, every))
    }
    fs.copyFileSync('examples/hello.nomad.hcl', path.join(specs, 'hello.nomad.hcl'))
    for (const suite of [fixtures, hcl]) await run(executable, ['golden', 'update'], suite)
    const [ofFixtures, ofHcl] = [await best(executable, ['golden', 'check'], fixtures), await best(executable, ['golden', 'check'], hcl)]
    const all = await best(executable, ['golden', 'check', '--all'], hcl)
    const ofSpecs = await best(executable, ['diff', 'a.json', 'b.json'], specs)
    const ofOthers = await best(executable, ['diff', 'a.json', 'c.json'], specs)
    const [compiled, nothing] = [await best(executable, ['compile', 'hello.nomad.hcl'], specs), await best(process.execPath, ['-e', '0'], specs)]
    return [
      { figure: `golden check of ${String(CASES)} fixture cases`, value: ofFixtures.milliseconds, limit: 1000, unit: 'ms' },
      { figure: '  its memory', value: ofFixtures.megabytes, limit: 200, unit: 'MB' },
      { figure: `golden check of ${String(CASES)} HCL jobs of 60 lines`, value: ofHcl.milliseconds, limit: 2500, unit: 'ms' },
      { figure: '  all of them compared', value: all.milliseconds, limit: 15_000, unit: 'ms' },
      { figure: 'diff of two specs of 1 MB', value: ofSpecs.milliseconds, limit: 200, unit: 'ms' },
      { figure: '  where everything differs', value: ofOthers.milliseconds, limit: 250, unit: 'ms' },
      { figure: 'compile of an HCL job / node -e 0', value: compiled.milliseconds / nothing.milliseconds, limit: 6, unit: '×' }
    ]
  } finally {
    fs.rmSync(root, { recursive: true, force: true })
  }
}
