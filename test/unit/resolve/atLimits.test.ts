import * as E from 'fp-ts/Either'

import { none } from '../../../src/core/facts/Facts'
import { sampleFacts } from '../../../src/core/facts/sampleFacts'
import { empty } from '../../../src/core/image/ImageConfig'
import { issues as spoken } from '../../../src/core/report/explain'
import { questionsOf } from '../../../src/core/resolve/questionsOf'
import * as Request from '../../../src/core/resolve/Request'
import { translate } from '../../../src/core/translate'
import { compiledOf } from '../../../src/testing/facts'

/** Numbers, texts and lists at their limits: each compiles to what it says, or is refused by name, and quickly. */

type Some = Readonly<Record<string, unknown>>

const told = (task: Some, allocation: Some = {}, plugin: Some = {}): string => {
  const request = Request.decode({
    task: { image: 'busybox:1', command: 'true', ...task },
    plugin: { containerd_runtime: 'io.containerd.runc.v2', ...plugin },
    allocation: { id: 'a/web/1', name: 'web', allocDir: '/var/lib/nomad/alloc/a', ...allocation }
  })
  if (E.isLeft(request)) return spoken(request.left)
  const compiled = translate(request.right, sampleFacts(questionsOf(request.right), none, empty))
  return E.isLeft(compiled) ? spoken(compiled.left) : 'compiles'
}

const memory = (memoryMb: unknown): Some => ({ resources: { allocatedResources: { memory: { memoryMb } } } })
const linux = (linuxResources: Some): Some => ({ resources: { linuxResources } })

const MB = '1'.repeat(1024 * 1024)

describe('numbers', () => {
  it.each<readonly [string, Some, Some, string]>([
    ['int64 of Nomad, at its end', {}, memory('9223372036854775807'), 'must be a whole number below 2^53'],
    ['int64 of Nomad, below zero', {}, memory('-9223372036854775808'), 'must be a whole number below 2^53'],
    ['2^53', {}, memory(2 ** 53), 'must be a whole number below 2^53'],
    ['more megabytes than bytes can be counted', {}, memory(2 ** 33 + 1), 'more megabytes than the kernel can count bytes'],
    ['as many megabytes as bytes can be counted', {}, memory(2 ** 33 - 1), 'compiles'],
    ['NaN', {}, memory(Number.NaN), 'must be a whole number'], ['infinity', {}, linux({ cpuShares: Number.POSITIVE_INFINITY }), 'must be a whole number'],
    ['negative shares', {}, linux({ cpuShares: -1 }), 'compiles'], ['a negative memory', {}, memory(-1), 'compiles'],
    ['pids below -1', { pids_limit: -2 }, {}, 'task.pids_limit = -2: must be between -1 and 4194304'],
    ['pids beyond the kernel', { pids_limit: 4_194_305n }, {}, 'task.pids_limit = 4194305: must be between -1 and 4194304'],
    ['a fraction', { pids_limit: 1.5 }, {}, 'task.pids_limit = 1.5: must be a whole number'],
    ['a period of CPU below a millisecond', { cpu_cfs_period: 999 }, {}, 'must be between 1000 and 1000000'],
    ['an oom score beyond the kernel', { oom_score_adj: 1001 }, {}, 'must be between -1000 and 1000'],
    ['a weight of block I/O below ten', { blkio_weight: 9 }, {}, 'must be between 10 and 1000'],
    ['a size of nothing', { shm_size: '0' }, {}, 'must be more than zero'], ['a size beyond 2^53', { shm_size: '9p' }, {}, 'must be smaller than 8 PiB'],
    ['a duration of nothing', { image_pull_timeout: '0s' }, {}, 'must be longer than zero']
  ])('%s', (_what, task, allocation, text) => { expect(told(task, allocation)).toContain(text) })

  it('an unlimited ulimit is the kernel\'s 2^64-1, written whole', () => {
    const request = Request.decode({
      task: { image: 'a', command: 'b', ulimit: { memlock: 'unlimited' } }, plugin: { containerd_runtime: 'r' }, allocation: { id: 'a', name: 'w', allocDir: '/a' }
    })
    if (E.isLeft(request)) throw new Error(spoken(request.left))
    const { spec } = compiledOf({ request: request.right, facts: sampleFacts(questionsOf(request.right), none, empty) })
    expect(spec.process.rlimits[0]).toEqual({ type: 'RLIMIT_MEMLOCK', hard: 18_446_744_073_709_551_615n, soft: 18_446_744_073_709_551_615n })
  })
})

describe('texts', () => {
  it.each<readonly [string, Some, string]>([
    ['an empty image', { image: '' }, 'must name an image'], ['an empty command', { command: '' }, 'has an empty name'], ['an empty directory', { cwd: '' }, 'must be an absolute path'],
    ['an empty host name', { hostname: '' }, 'task.hostname = ""'], ['an empty capability', { cap_add: [''] }, 'is no capability'], ['an empty device', { devices: [''] }, 'task.devices[0] = ""'],
    ['an empty mount', { mounts: [{ target: '', source: '' }] }, 'task.mounts[0].target = ""'], ['an empty profile', { seccomp: true, seccomp_profile: '' }, 'must be an absolute path on the host'],
    ['a NUL byte in an argument', { args: ['a\u0000'] }, 'must not contain a NUL byte'], ['in a mount', { mounts: [{ type: 'bind', target: '/a\u0000', source: '/b' }] }, 'must not contain a NUL byte'],
    ['in a label\'s name', { labels: { 'a\u0000b': 'c' } }, 'must have no name with a NUL byte'], ['in a sysctl', { sysctl: { 'net.a': '\u0000' } }, 'must not contain a NUL byte'],
    ['in a list of lists', { group_add: ['\u0000'] }, 'must not contain a NUL byte'], ['one megabyte of a name', { hostname: MB }, 'must be at most 4096 bytes long'],
    ['one megabyte of an image', { image: MB }, 'must be at most 4096 bytes long'], ['one megabyte of an unknown option', { [MB]: 1 }, 'is no option here'],
    ['one megabyte of a label', { labels: { a: MB } }, 'must be at most 4096 bytes long'], ['one megabyte of an argument', { args: [MB] }, 'must be at most 131071 bytes long'],
    ['one megabyte of a network mode', { network_mode: MB }, 'must be at most 4096 bytes long'], ['one megabyte of a sysctl\'s name', { sysctl: { [MB]: '1' } }, 'must have no name of more than 4096 bytes'],
    ['as much of an argument as Linux takes', { args: [MB.slice(0, 131_071)] }, 'compiles'], ['one megabyte of a path', { cwd: `/${MB}` }, 'must be at most 4096 bytes long']
  ])('%s', (_what, task, text) => {
    const said = told(task)
    expect(said).toContain(text)
    expect(said.length).toBeLessThan(2000)
  })

  it('a name that a terminal would obey is told in letters', () => {
    expect(told({ labels: { 'com.docker.\u001b[2J\n': 'x' } })).toContain('task.labels.com.docker.\\u001b[2J\\u000a')
  })
})

describe('ten thousand', () => {
  const many = <A>(make: (index: number) => A): ReadonlyArray<A> => Array.from({ length: 10_000 }, (_, index) => make(index))
  const MORE = 'must have at most 1024 items, and has 10000'
  const record = (make: (index: number) => readonly [string, string]): Some => Object.fromEntries(many(make))

  it.each<readonly [string, Some, Some, string]>([
    ['entries of an environment', {}, { env: record((index) => [`V${String(index)}`, 'x']) }, 'compiles'],
    ['arguments', { args: many(String) }, {}, 'compiles'], ['labels', { labels: record((index) => [`l${String(index)}`, 'x']) }, {}, MORE],
    ['mounts', { mounts: many((index) => ({ type: 'tmpfs', target: `/m/${String(index)}` })) }, {}, MORE],
    ['short mounts', { volumes: many((index) => `local/a:/m/${String(index)}`) }, {}, MORE],
    ['names of hosts', { extra_hosts: many((index) => `h${String(index)}:10.0.0.1`) }, {}, MORE],
    ['sysctls', { sysctl: record((index) => [`net.x.y${String(index)}`, '1']) }, {}, MORE],
    ['capabilities, most of them twice', { cap_add: many(() => 'CHOWN') }, {}, 'must have at most 64 items, and has 10000'],
    ['unknown options', record((index) => [`x${String(index)}`, '1']), {}, 'task: must have at most 1024 options, and has 10002'],
    ['devices that nobody described', { devices: many((index) => `/dev/x${String(index)}`) }, {}, MORE]
  ])('%s take less than two seconds', (_what, task, allocation, text) => {
    const before = performance.now()
    expect(told(task, allocation)).toContain(text)
    expect(performance.now() - before).toBeLessThan(2000)
  })
})
