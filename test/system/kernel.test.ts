import * as fs from 'node:fs'
import * as path from 'node:path'

import { Spec } from '../../src/core/domain/Oci'
import { breaches } from '../laws/kernel'
import { render } from '../laws/kernel/Breach'
import { adapt, Adapted, cannotRun } from './harness/adapt'
import { lookAround } from './harness/host'
import { Laboratory, openLaboratory, Ran } from './harness/probe'
import { CANNOT, WITHOUT } from './harness/reasons'

// KERNEL_SPECS=<directory of directories with a spec.json> runs other specs than the fixtures, KERNEL_ONLY=<pattern> only some.
const SPECS = process.env['KERNEL_SPECS'] ?? path.join(__dirname, '../../fixtures/specs')
const ONLY = new RegExp(process.env['KERNEL_ONLY'] ?? '')

// Limits of 2^64 - 1 are bigints in a Spec: a double would round them.
const parsed = (text: string): Spec =>
  JSON.parse(text.replace(/^(\s*"(?:soft|hard)": )(\d{17,})/gm, '$1"$2n"'), (_, value: unknown) =>
    typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value) as Spec

const fixtures = fs.readdirSync(SPECS)
  // What is not known cannot be run.
  .filter((name) => ONLY.test(name) && !name.startsWith('unknown-') && fs.existsSync(path.join(SPECS, name, 'spec.json')))
  .map((name) => ({ name, spec: parsed(fs.readFileSync(path.join(SPECS, name, 'spec.json'), 'utf8')) }))

const host = lookAround()

const able = fixtures.filter(({ spec }) => cannotRun(spec, host).length === 0)

interface Result {
  readonly adapted: Adapted
  readonly ran: Ran
}

const results = new Map<string, Result>()
let laboratory: Laboratory | undefined

const AT_ONCE = 4
const START_MS = 300_000
const EACH_MS = 15_000

beforeAll(async () => {
  laboratory = await openLaboratory(host)
  const waiting = [...able]
  await Promise.all(Array.from({ length: AT_ONCE }, () => work(laboratory!, waiting)))
}, START_MS + able.length * EACH_MS)

afterAll(async () => {
  process.stdout.write(`${summary().join('\n')}\n`)
  await laboratory?.stop()
})

const work = async (bench: Laboratory, waiting: Array<(typeof fixtures)[number]>): Promise<void> => {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const adapted = adapt(next.spec, host, bench.where(next.name))
    results.set(next.name, { adapted, ran: await bench.run(next.name, adapted) })
  }
}

/** What ran with less than its spec says, and what did not run: a test that is silent about it would pass too easily. */
const summary = (): ReadonlyArray<string> => [
  `kernel agrees, cgroup ${host.version}: ${able.length} of ${fixtures.length} specs ran`,
  ...fixtures.flatMap(({ name, spec }) => cannotRun(spec, host).map((reason) => `  ${name} cannot run here: ${CANNOT[reason]}`)),
  ...Object.entries(WITHOUT).flatMap(([reason, words]) => {
    const names = [...results].filter(([, { adapted }]) => adapted.without.some((one) => one === reason)).map(([name]) => name)
    return names.length === 0 ? [] : [`  without ${words} (${names.length > 4 ? `${names.length} specs` : names.join(', ')})`]
  })
]

describe(`the kernel agrees with the spec, under cgroup ${host.version}`, () => {
  it.each(able.map(({ name }) => name))('%s', (name) => {
    const { adapted, ran } = results.get(name)!
    expect(ran._tag === 'Failed' ? ran.why : 'it ran').toBe('it ran')
    if (ran._tag === 'Ran') expect(breaches(adapted.promised, ran.report, ran.outside).map(render)).toEqual([])
  })

  it('runs nearly every fixture: nine of ten', () => {
    expect([...results.keys()].sort()).toEqual(able.map(({ name }) => name).sort())
    expect(able.length).toBeGreaterThan(0)
    expect(able.length).toBeGreaterThanOrEqual(Math.floor(fixtures.length * 0.9))
  })
})

type Change = (spec: Spec) => Spec

const process_ = (change: Partial<Spec['process']>): Change => (spec) => ({ ...spec, process: { ...spec.process, ...change } })
const linux = (change: (was: Spec['linux']) => Partial<Spec['linux']>): Change => (spec) => ({ ...spec, linux: { ...spec.linux, ...change(spec.linux) } })
const resources = (change: Partial<Spec['linux']['resources']>): Change => linux((was) => ({ resources: { ...was.resources, ...change } }))

const seccompOrNot: Change = ({ linux: { seccomp, ...rest }, ...spec }) =>
  ({ ...spec, linux: seccomp === undefined ? { ...rest, seccomp: { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [] } } : rest })

const LIES: ReadonlyArray<readonly [string, Change]> = [
  ['process.args', process_({ args: ['never'] })],
  ['process.cwd', process_({ cwd: '/never' })],
  ['process.user.uid', process_({ user: { uid: 4242, gid: 4242, additionalGids: [4242] } })],
  ['process.rlimits.RLIMIT_NOFILE', process_({ rlimits: [{ type: 'RLIMIT_NOFILE', soft: 3, hard: 4 }] })],
  ['process.capabilities.bounding', process_({ capabilities: { bounding: ['CAP_SYS_TIME'], effective: [], permitted: [] } })],
  ['hostname', (spec) => ({ ...spec, hostname: 'never' })],
  ['mounts /never', (spec) => ({ ...spec, mounts: [...spec.mounts, { destination: '/never', type: 'tmpfs', source: 'tmpfs', options: [] }] })],
  ['linux.maskedPaths /etc', linux(() => ({ maskedPaths: ['/etc'] }))],
  ['linux.namespaces mount', linux(({ namespaces }) => ({ namespaces: namespaces.filter(({ type }) => type !== 'mount') }))],
  ['linux.seccomp', seccompOrNot],
  ['linux.devices /dev/never', linux(() => ({ devices: [{ path: '/dev/never', type: 'c', major: 9, minor: 9, fileMode: 0o600, uid: 0, gid: 0 }] }))],
  [host.version === 'v1' ? 'memory.limit_in_bytes' : 'memory.max', resources({ memory: { limit: 4096 } })],
  [host.version === 'v1' ? 'cpu.shares' : 'cpu.weight', resources({ cpu: { shares: 200_000 } })]
]

// The report is a real one, and the promise is not the one that was run: were the probe or the law blind, this would pass unseen.
describe('a promise that nobody kept is noticed', () => {
  it.each(LIES)('%s', (at, change) => {
    const ran = [...results.values()].find((one) => one.ran._tag === 'Ran')
    expect(ran?.ran._tag).toBe('Ran')
    if (ran?.ran._tag === 'Ran') expect(breaches(change(ran.adapted.promised), ran.ran.report, ran.ran.outside).map((one) => one.at)).toContain(at)
  })
})
