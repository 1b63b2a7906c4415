import { spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { commandLine, job, ours, put, workDir } from '../../fakes/commandLine'

const dir = workDir()
const at = (name: string): string => path.join(dir, name)
const EXECUTABLE = path.join(__dirname, '../../../dist/containerd-driver')
const PAGE = ['diff', 'a.hcl', 'b.hcl', '--format', 'html', '-o'] as const

/** Runs the built program; one that waits for ever is killed and has no exit code. */
const run = (...args: ReadonlyArray<string>): { readonly code: number | null; readonly err: string } => {
  const { status, stderr } = spawnSync(EXECUTABLE, args, { cwd: dir, encoding: 'utf8', timeout: 20_000 })
  return { code: status, err: stderr }
}

beforeAll(() => {
  put(dir, { 'a.hcl': job({ app: ours('image = "redis:7"') }), 'b.hcl': job({ app: ours('image = "redis:8"') }), 'file': 'old', 'in/x': '' })
})

describe('-o', () => {
  it('keeps the mode of a file and what a link leads to, and leaves no other file behind', () => {
    fs.chmodSync(at('file'), 0o600)
    fs.symlinkSync('file', at('link'))
    expect(run(...PAGE, 'link').code).toBe(1)
    expect(fs.lstatSync(at('link')).isSymbolicLink()).toBe(true)
    expect(fs.readFileSync(at('file'), 'utf8')).toMatch(/^<!DOCTYPE html>/)
    expect(fs.statSync(at('file')).mode & 0o777).toBe(0o600)
    expect(fs.readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('makes the file that a link leads to and that is not there yet', () => {
    fs.symlinkSync('later', at('dangling'))
    expect(run(...PAGE, 'dangling').code).toBe(1)
    expect(fs.lstatSync(at('dangling')).isSymbolicLink()).toBe(true)
    expect(fs.readFileSync(at('later'), 'utf8')).toMatch(/^<!DOCTYPE html>/)
  })

  it('writes into a pipe, and into a device without replacing it', async () => {
    spawnSync('mkfifo', [at('pipe')])
    spawnSync('mknod', [at('null'), 'c', '1', '3'])
    const reader = spawn('cat', [at('pipe')])
    const chunks: Array<Buffer> = []
    reader.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    const ended = new Promise((resolve) => reader.once('close', resolve))
    expect(run(...PAGE, 'pipe').code).toBe(1)
    await ended
    expect(Buffer.concat(chunks).toString()).toMatch(/^<!DOCTYPE html>/)
    expect(fs.statSync(at('pipe')).isFIFO()).toBe(true)
    expect(run(...PAGE, 'null').code).toBe(1)
    expect(fs.statSync(at('null')).isCharacterDevice()).toBe(true)
  })

  it('ends with 2 where it cannot be written, with the name that was given', () => {
    spawnSync('mknod', [at('full'), 'c', '1', '7'])
    const refusals: ReadonlyArray<readonly [string, string]> = [
      ['full', 'full: cannot be written: no space left on device\n'], ['in', 'in: cannot be written: is a directory\n'],
      ['none/x', 'none/x: cannot be written: there is no directory none\n'], ['file/x', 'file/x: cannot be written: there is no directory file\n']
    ]
    for (const [file, said] of refusals) expect([file, run(...PAGE, file)]).toEqual([file, { code: 2, err: expect.stringContaining(said) }])
    expect(fs.readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('is refused where the command reads that file, under whatever name', async () => {
    const texts = { 'one.hcl': job({ app: ours('image = "redis:7"') }), 'plugin.json': '{"containerd_runtime":"io.containerd.runc.v2"}', 'ignore.json': '{"ignore":[]}', 'job.json': '{}' }
    put(dir, texts)
    fs.linkSync(at('one.hcl'), at('hard.hcl'))
    fs.symlinkSync('one.hcl', at('soft.hcl'))
    const one = at('one.hcl')
    const commands = [
      ['diff', one, at('b.hcl'), '-o', at('hard.hcl')], ['check', one, '-o', `${dir}/in/../one.hcl`], ['facts', one, '-o', one], ['migrate', one, '-o', at('soft.hcl')],
      ['migrate', at('job.json'), '--report', at('job.json')], ['check', one, '--plugin', at('plugin.json'), '-o', at('plugin.json')], ['diff', one, one, '--ignore', at('ignore.json'), '-o', at('ignore.json')]
    ]
    for (const command of commands) {
      expect([command, await commandLine(...command)]).toEqual([command, expect.objectContaining({ exitCode: 2, stderr: expect.stringContaining('is read by this command; write to another file') })])
    }
    for (const [name, text] of Object.entries(texts)) expect(fs.readFileSync(at(name), 'utf8')).toBe(text)
  })

  it('is refused for the files of a fixture directory and of a suite, also below a directory of results', async () => {
    fs.cpSync(path.join(__dirname, '../../../fixtures/specs/minimal'), at('cases/one'), { recursive: true })
    put(dir, { 'containerd-driver.json': '{"jobs":["cases/*"]}' })
    const before = fs.readFileSync(at('cases/one/task.json'), 'utf8')
    const refusals = [['check', 'cases/one', '-o', 'cases/one/task.json'], ['golden', 'check', '.', '-o', 'containerd-driver.json'], ['compile', 'cases/one', '-o', '.'], ['plan', '--full', 'cases/one', '-o', '.']]
    for (const args of refusals) expect([args, run(...args)]).toEqual([args, { code: 2, err: expect.stringContaining('is read by this command') }])
    expect(fs.readFileSync(at('cases/one/task.json'), 'utf8')).toBe(before)
    expect(run('compile', 'cases/one', '-o', 'results').code).toBe(0)
  })

  it('a directory of compile has one file for each task, and is left alone where two would share one', async () => {
    const out = at('out')
    const both = await commandLine('compile', at('a.hcl'), `${dir}/./a.hcl`, '-o', out)
    expect(both).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('name it once') })
    expect(fs.existsSync(out)).toBe(false)
    expect(await commandLine('compile', at('a.hcl'), at('b.hcl'), '-o', out)).toMatchObject({ exitCode: 0 })
  })
})

describe('standard output', () => {
  it('that cannot be written ends with 2 and one sentence', () => {
    const { status, stderr } = spawnSync('bash', ['-c', `"${EXECUTABLE}" schema > /dev/full`], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'standard output cannot be written: no space left on device\n' })
  })

  it('is written although standard error cannot be', () => {
    const { status, stdout } = spawnSync('bash', ['-c', `"${EXECUTABLE}" compile a.hcl 2> /dev/full`], { cwd: dir, encoding: 'utf8' })
    expect(JSON.parse(stdout)).toMatchObject({ ociVersion: expect.any(String) })
    expect(status).toBe(0)
  })
})
