import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { parse } from 'yaml'

import { workDir } from '../../fakes/commandLine'

const ROOT = path.join(__dirname, '../../..')
const DIST = path.join(ROOT, 'dist')
const dir = workDir()

interface Ran {
  readonly code: number | null
  readonly out: string
}

/** Runs lines of a recipe as its CI would: in the repository, the program on the path. */
const run = (lines: string, env: Readonly<Record<string, string>> = {}): Ran => {
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', lines], {
    cwd: dir, encoding: 'utf8', env: { ...process.env, PATH: `${DIST}:${process.env['PATH'] ?? ''}`, ...env }
  })
  return { code: status, out: stdout + stderr }
}

const recipe = (name: string): unknown => parse(fs.readFileSync(path.join(ROOT, 'examples/ci', name), 'utf8'))

const git = (...args: ReadonlyArray<string>): void => {
  const { status, stderr } = spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: dir, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

/** The shop as a repository: `main` as `origin/main`, and a branch on which a mount becomes writable. */
beforeAll(() => {
  fs.cpSync(path.join(ROOT, 'examples/shop'), dir, { recursive: true })
  git('init', '-q', '-b', 'main')
  git('add', '-A')
  git('commit', '-qm', 'shop')
  git('update-ref', 'refs/remotes/origin/main', 'HEAD')
  git('checkout', '-qb', 'change')
})

const breakIt = (): void => {
  const job = path.join(dir, 'jobs/web.nomad.hcl')
  fs.writeFileSync(job, fs.readFileSync(job, 'utf8').replace('readonly = true', 'readonly = false'))
  git('commit', '-qam', 'writable')
}

const mendIt = (): void => { git('reset', '-q', '--hard', 'origin/main') }

interface Step {
  readonly name?: string
  readonly uses?: string
  readonly if?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
}

describe('the GitHub workflow', () => {
  const workflow = recipe('github-actions.yml') as { readonly on: unknown; readonly permissions: object; readonly jobs: Readonly<Record<string, { readonly steps: ReadonlyArray<Step> }>> }
  const steps = Object.values(workflow.jobs).flatMap((one) => one.steps)
  // What needs GitHub itself, or installs this very program.
  const ELSEWHERE = ['install', 'upload', 'comment']
  const step = (name: string): string => {
    const found = steps.find((one) => one.name === name)?.run
    if (found === undefined) throw new Error(`no step ${name}`)
    return found
  }

  it('has what a workflow needs, and every action at a version', () => {
    expect(Object.keys(workflow)).toEqual(['name', 'on', 'permissions', 'jobs'])
    for (const { uses, run: lines } of steps) expect([uses !== undefined, lines !== undefined].filter(Boolean)).toHaveLength(1)
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^[\w.-]+\/[\w./-]+@v\d+$/)
    expect(steps.filter(({ run: lines }) => lines !== undefined).map(({ name }) => name)).toEqual(['install', 'check', 'golden', 'diff', 'comment'])
  })

  it('passes on a branch that changes nothing', () => {
    for (const { name = '', run: lines } of steps) {
      if (lines !== undefined && !ELSEWHERE.includes(name)) expect([name, run(lines, { BASE: 'main' }).code]).toEqual([name, 0])
    }
  })

  it('fails on one that weakens, with annotations, a report and a comment', () => {
    breakIt()
    expect(run(step('check')).code).toBe(0)
    expect(run(step('golden')).code).toBe(1)
    const sarif = JSON.parse(fs.readFileSync(path.join(dir, 'golden.sarif'), 'utf8'))
    expect(sarif.runs[0].results[0].locations[0].physicalLocation).toMatchObject({ artifactLocation: { uri: 'jobs/web.nomad.hcl' }, region: { startLine: 23 } })
    const { code, out } = run(step('diff'), { BASE: 'main' })
    expect([code, out]).toEqual([1, expect.stringContaining('weakens')])
    expect(fs.readFileSync(path.join(dir, 'comment.md'), 'utf8')).toMatch(/^### containerd-driver diff: 1 weakens/)
    mendIt()
  })

  it('looks at every job where only the operator has changed something', () => {
    const plugin = path.join(dir, 'plugin.hcl')
    fs.writeFileSync(plugin, fs.readFileSync(plugin, 'utf8').replace(/seccomp( +)= true/, 'seccomp$1= false'))
    git('commit', '-qam', 'no filter')
    expect(run(step('diff'), { BASE: 'main' })).toMatchObject({ code: 1, out: expect.stringContaining('/seccomp') })
    mendIt()
  })

  /** Whether GitHub runs a step: after one that failed, only where a condition asks for it; `hashFiles` is empty where no file is. */
  const isRun = (condition: string | undefined, failed: boolean): boolean => {
    if (condition === undefined) return !failed
    const terms = condition.replace(/^\$\{\{ | \}\}$/g, '').split(' && ')
    return terms.every((term) => {
      const [, file] = /^hashFiles\('([^']+)'\) != ''$/.exec(term) ?? []
      if (file === undefined && term !== '!cancelled()') throw new Error(`${term} is no condition that this test knows`)
      return file === undefined || fs.existsSync(path.join(dir, file))
    })
  }

  /** What becomes of each step, in their order, as GitHub goes through them. */
  const walk = (): Readonly<Record<string, string>> => {
    for (const name of ['golden.sarif', 'comment.md']) fs.rmSync(path.join(dir, name), { force: true })
    let failed = false
    return Object.fromEntries(steps.flatMap(({ name, if: condition, run: lines }) => {
      if (name === undefined) return []
      if (!isRun(condition, failed)) return [[name, 'skipped']]
      const code = lines === undefined || ELSEWHERE.includes(name) ? 0 : run(lines, { BASE: 'main' }).code
      failed = failed || code !== 0
      return [[name, code === 0 ? 'passed' : 'failed']]
    }))
  }

  it('goes on after a step that failed, so that every report is there', () => {
    expect(walk()).toEqual({ install: 'passed', check: 'passed', golden: 'passed', upload: 'passed', diff: 'passed', comment: 'skipped' })
    breakIt()
    expect(walk()).toEqual({ install: 'passed', check: 'passed', golden: 'failed', upload: 'passed', diff: 'failed', comment: 'passed' })
    mendIt()
  })

  it('tells a job that cannot be read in the steps that read it, and the others run', () => {
    fs.writeFileSync(path.join(dir, 'jobs/web.nomad.hcl'), 'job "web" {')
    git('commit', '-qam', 'open')
    expect(walk()).toEqual({ install: 'passed', check: 'failed', golden: 'failed', upload: 'passed', diff: 'failed', comment: 'passed' })
    mendIt()
  })

  it('tells a job that is gone, in a few lines', () => {
    git('rm', '-q', 'jobs/cleanup.json')
    git('commit', '-qm', 'gone')
    const { code, out } = run(step('diff'), { BASE: 'main' })
    expect(code).toBe(0)
    expect(out).toContain('the task is gone')
    expect(out.split('\n').length).toBeLessThan(10)
    mendIt()
  })
})

describe('the GitLab job', () => {
  const { containers } = recipe('gitlab-ci.yml') as { readonly containers: { readonly script: ReadonlyArray<string>; readonly artifacts: { readonly paths: ReadonlyArray<string>; readonly reports: { readonly junit: string } } } }

  it('passes on what is written down, and leaves both artifacts', () => {
    for (const line of containers.script) expect([line, run(line).code]).toEqual([line, 0])
    for (const name of [...containers.artifacts.paths, containers.artifacts.reports.junit]) expect(fs.statSync(path.join(dir, name)).size).toBeGreaterThan(100)
  })

  it('fails in its last line on what is not, and the report has the failure', () => {
    breakIt()
    expect(containers.script.map((line) => run(line).code)).toEqual([0, 0, 1])
    expect(fs.readFileSync(path.join(dir, containers.artifacts.reports.junit), 'utf8')).toContain('<failure')
    expect(fs.readFileSync(path.join(dir, containers.artifacts.paths[0]!), 'utf8')).toContain('weakens')
    mendIt()
  })
})

describe('the pre-commit hooks', () => {
  const hooks = recipe('pre-commit-hooks.yaml') as ReadonlyArray<{ readonly id: string; readonly entry: string; readonly files: string; readonly pass_filenames?: boolean }>

  /** What pre-commit does with a hook: the names of the files that match follow the entry. */
  const hook = (index: number): Ran => {
    const { entry, files, pass_filenames: passes = true } = hooks[index]!
    const names = fs.readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => new RegExp(files).test(name) && fs.statSync(path.join(dir, name)).isFile())
    expect(names.length).toBeGreaterThan(0)
    return run(passes ? `${entry} ${names.join(' ')}` : entry)
  }

  it('are two, with what pre-commit asks of each', () => {
    for (const one of hooks) expect(Object.keys(one)).toEqual(expect.arrayContaining(['id', 'name', 'entry', 'language', 'files']))
  })

  it('pass on the shop, and the second fails on a change that is not written down', () => {
    expect([hook(0).code, hook(1).code]).toEqual([0, 0])
    breakIt()
    expect([hook(0).code, hook(1).code]).toEqual([0, 1])
    mendIt()
  })
})
