import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { Allocation } from '../system/harness/allocation'
import { Hardened } from './harness/Hardened'

let host: Hardened

beforeAll(async () => { host = await Hardened() }, 60_000)
afterEach(async () => { expect(await host.clear()).toEqual([]) })
afterAll(async () => { await host.end() })

const logsOf = ({ dir }: Allocation): string => path.join(dir, 'alloc/logs')

/** Everything that would make Nomad's log collector or the shim open another file, tried in the directory that is named. */
const ATTACK = (logs: string): string => [
  `cd ${logs} || exit 9`,
  'rm -f web.stdout.0 .web.stdout.fifo && echo removed',
  'ln -s /etc/shadow web.stdout.1 2>/dev/null && echo linked',
  'mkdir x 2>/dev/null && echo made',
  'mv .web.stderr.fifo y 2>/dev/null && echo renamed',
  `cd /; mv ${logs} ${logs}-x 2>/dev/null && echo moved`,
  `rmdir ${logs} 2>/dev/null && echo gone`,
  'exit 0'
].join('\n')

describe('what Nomad and the shim open for the output of a task (W1)', () => {
  it.each([
    ['/alloc/logs', {}],
    ['/x/logs', { volumes: ['../alloc:/x'] }],
    ['/y', { volumes: ['../alloc/logs:/y'] }],
    ['/y', { mounts: [{ type: 'bind', source: '../alloc/logs', target: '/y', options: ['rw', 'rbind'] }] }],
    ['/alloc/logs', { volumes: ['../alloc/data:/x'] }]
  ])('the logs at %s are read-only for every task, also by a mount of its own: %j', async (logs, options) => {
    const one = host.task(ATTACK(logs), options)
    fs.mkdirSync(path.join(one.dir, 'alloc/data'))
    fs.writeFileSync(path.join(logsOf(one), 'web.stdout.0'), 'earlier\n')
    const before = fs.readdirSync(logsOf(one))
    expect(await host.run(one)).toEqual({ code: 0, said: expect.not.stringMatching(/removed|linked|made|renamed|moved|gone/) as string })
    expect(fs.readdirSync(logsOf(one))).toEqual(before)
    expect(fs.readFileSync(path.join(logsOf(one), 'web.stdout.0'), 'utf8')).toBe('earlier\n')
  })

  it('a stream that is a link is refused, whatever made it, and its target is not opened', async () => {
    const one = host.task('echo root was here')
    fs.rmSync(one.config.stdoutPath)
    fs.symlinkSync(path.join(host.target, 'secret'), one.config.stdoutPath)
    expect(await host.refused(one)).toContain(`${one.config.stdoutPath} is a link`)
    expect(host.untouched()).toBe(true)
  })

  it('a directory on the way to a stream that is a link is refused', async () => {
    const one = host.task('echo root was here')
    const elsewhere = path.join(host.daemon.directory, 'elsewhere')
    fs.renameSync(logsOf(one), elsewhere)
    fs.symlinkSync(elsewhere, logsOf(one))
    expect(await host.refused(one)).toMatch(/alloc\/logs.*is a link/)
    fs.rmSync(elsewhere, { recursive: true })
  })

  it.each([
    ['a file', (file: string): void => { fs.writeFileSync(file, '') }],
    ["another user's pipe", (file: string): void => { execFileSync('mkfifo', [file]); fs.chownSync(file, 65534, 65534) }]
  ])('a stream that is %s is refused', async (_what, make) => {
    const one = host.task('echo root was here')
    fs.rmSync(one.config.stderrPath)
    make(one.config.stderrPath)
    expect(await host.refused(one)).toContain("is no named pipe of root's")
  })

  it('without log collection the output goes to /dev/null', async () => {
    const one = host.task('echo hello', {}, { readers: false })
    const silent = { ...one, config: { ...one.config, stdoutPath: '/dev/null', stderrPath: '/dev/null' } }
    expect((await host.run(silent)).code).toBe(0)
  })

  it('a task still writes to the rest of /alloc', async () => {
    const one = host.task('echo data > /alloc/data/file && cat /alloc/data/file')
    fs.mkdirSync(path.join(one.dir, 'alloc/data'))
    expect(await host.run(one)).toEqual({ code: 0, said: 'data\n' })
  })
})
