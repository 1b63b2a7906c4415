import * as fs from 'node:fs'
import * as path from 'node:path'

import * as fc from 'fast-check'

import { formatNames } from '../../src/core/format/names'
import { commandLine, job, ours, put, workDir } from '../fakes/commandLine'

/** What nobody may see. Nothing else has these letters. */
const MARK = 'PLANTED-SECRET'

const dir = workDir()

/** Where a secret may stand, and what stands there. */
const secret = fc.tuple(fc.constantFrom('', '=', '"', '\\', '%', '|', '<', '`', '::', ' '), fc.nat(99)).map(([odd, number]) => `${MARK}${odd}${String(number)}`)
const planted = fc.record({ env: secret, device: secret, password: secret, operator: secret, hook: secret })
type Planted = Parameters<Parameters<typeof fc.asyncProperty<[typeof planted extends fc.Arbitrary<infer A> ? A : never]>>[1]>[0]

const FIXTURES = path.join(__dirname, '../../fixtures/specs')
const json = (name: string): object => JSON.parse(fs.readFileSync(path.join(FIXTURES, name), 'utf8')) as object

/** The facts of a host with a CDI device whose hook and edits have a secret in their environments. */
const factsWith = (hook: string): string =>
  JSON.stringify(json('devices-cdi-mounts-hooks-groups-and-env/facts.json')).replace('"A=b"', JSON.stringify(`A=${hook}`)).replace('"NIC=0"', JSON.stringify(`NIC=${hook}`))

/** The environment that a job puts into other places: Nomad expands it, and so does this program. */
const SPREAD = { args: ['--db=postgres://u:${TOKEN}@h/', '${env.TOKEN}'], labels: { x: '${TOKEN}' } }

/** A fixture directory, a JSON job and an HCL job with a secret in every place that is typed as one; `odd` makes the task be refused. */
const write = (name: string, { env, device, password, operator, hook }: Planted, odd: object = {}): void => {
  const login = (text: string): object => ({ username: 'bob', password: text })
  const allocation = json('minimal/allocation.json') as { readonly env?: object }
  const task = { image: 'docker.io/library/busybox:1.36', command: 'x', devices: ['vendor.com/net=nic0'], auth: login(password), ...odd }
  const plugin = { containerd_runtime: 'io.containerd.runc.v2', allow_privileged: false, auth: { ...login(operator), server_address: 'docker.io' } }
  put(dir, {
    [`${name}/task.json`]: JSON.stringify(task),
    [`${name}/plugin.json`]: JSON.stringify(plugin),
    [`${name}/allocation.json`]: JSON.stringify({ ...allocation, env: { ...allocation.env, TOKEN: env }, deviceEnv: { DEVICE: device } }),
    [`${name}.json`]: JSON.stringify({ ID: 'j', TaskGroups: [{ Name: 'g', Tasks: [{ Name: 't', Driver: 'containerd-driver', Config: { ...task, ...SPREAD, auth: [login(password)] }, Env: { TOKEN: env } }] }] }),
    [`${name}.nomad.hcl`]: job({ t: `env {\nTOKEN = ${JSON.stringify(env)}\n}\n${ours(...Object.entries({ ...task, ...SPREAD }).map(([option, value]) => (option === 'auth' ? inHcl(login(password)) : `${option} = ${JSON.stringify(value)}`)))}` }),
    [`${name}/facts.json`]: factsWith(hook),
    [`${name}.plugin.json`]: JSON.stringify(plugin)
  })
}

const inHcl = (login: object): string => `auth {\n${Object.entries(login).map(([option, value]) => `${option} = ${JSON.stringify(value)}\n`).join('')}}`

const at = (name: string): string => path.join(dir, name)

/** Every command that is made for sharing, in every format. */
const commandsOf = (before: string, after: string): ReadonlyArray<ReadonlyArray<string>> => [
  ...formatNames.map((format) => ['diff', before, after, '--format', format]),
  ...formatNames.filter((format) => format !== 'json-patch').map((format) => ['check', after, '--format', format]),
  ['explain', after], ['explain', after, '/spec/process/env'], ['explain', after, 'auth'], ['explain', after, 'plugin.auth.password'],
  ['plan', after], ['plan', '--full', after], ['compile', '--redact', after], ['compile', '--redact', '--full', after], ['compile', '--explain', after]
]

const nothingIsSeen = async (commands: ReadonlyArray<ReadonlyArray<string>>): Promise<void> => {
  for (const command of commands) {
    const { stdout, stderr } = await commandLine(...command)
    if (`${stdout}${stderr}`.includes(MARK)) throw new Error(`${command.join(' ')} shows a secret`)
  }
}

// What a job of another form says for itself: a wrong type, an unknown option, a refusal.
const odds: fc.Arbitrary<object> = fc.constantFrom({}, { cwd: '${TOKEN}' }, { cap_add: ['${TOKEN}'] }, { privileged: true }, { unknown_option: 1 }, { pids_limit: 'x' }, { auth: { username: 'bob', password: [MARK] } }, { auth: MARK })

const runs = { numRuns: Number(process.env['FC_RUNS'] ?? 12) > 12 ? 12 : 6 }

describe('a secret is in nothing that is made for sharing', () => {
  it('of a fixture directory, whether it compiles or is refused', async () => {
    await fc.assert(fc.asyncProperty(planted, planted, odds, async (one, other, odd) => {
      write('one', one)
      write('other', other, odd)
      await nothingIsSeen(commandsOf(at('one'), at('other')))
    }), runs)
  }, 120_000)

  it('in each place of those that are said to be planted: shown on request', async () => {
    write('one', { env: `${MARK}-env`, device: `${MARK}-device`, password: `${MARK}-password`, operator: `${MARK}-operator`, hook: `${MARK}-hook` })
    for (const [file, ...facts] of [[at('one')], [at('one.json'), '--facts', at('one/facts.json')], [at('one.nomad.hcl'), '--facts', at('one/facts.json')]] as const) {
      const { stdout } = await commandLine('compile', '--full', file, ...facts)
      if (file !== at('one')) expect(stdout).toContain(`postgres://u:${MARK}-env@h/`)
      for (const place of [`TOKEN=${MARK}-env`, `A=${MARK}-hook`, `NIC=${MARK}-hook`]) expect([file, stdout]).toEqual([file, expect.stringContaining(place)])
    }
  })

  it.each(['.json', '.nomad.hcl'])("of a job in %s, with the operator's file and the facts of a host", async (ending) => {
    await fc.assert(fc.asyncProperty(planted, planted, odds, async (one, other, odd) => {
      write('one', one)
      write('other', other, odd)
      const around = ['--plugin', at('other.plugin.json'), '--facts', at('other/facts.json')]
      await nothingIsSeen(commandsOf(at(`one${ending}`), at(`other${ending}`)).map((command) => [...command, ...around]))
    }), runs)
  }, 120_000)

  it('nor in a golden, nor in what differs from one, nor where a finished document is compared', async () => {
    await fc.assert(fc.asyncProperty(planted, planted, async (one, other) => {
      fs.rmSync(at('goldens'), { recursive: true, force: true })
      put(dir, { 'containerd-driver.json': JSON.stringify({ jobs: ['one', 'one.json', 'one.nomad.hcl'] }) })
      write('one', one)
      await commandLine('golden', 'update', dir)
      const stored = fs.readdirSync(at('goldens'), { recursive: true, encoding: 'utf8' }).map((name) => path.join(at('goldens'), name)).filter((name) => fs.statSync(name).isFile())
      expect(stored).toHaveLength(3)
      for (const name of stored) expect(fs.readFileSync(name, 'utf8')).not.toContain(MARK)
      write('one', other, { readonly_rootfs: true })
      await nothingIsSeen(formatNames.map((format) => ['golden', 'check', dir, '--format', format]))
      put(dir, { 'full.json': (await commandLine('compile', '--full', at('one'))).stdout, 'spec.json': (await commandLine('compile', at('one'))).stdout })
      write('other', one)
      await nothingIsSeen(['full.json', 'spec.json'].flatMap((name) => formatNames.map((format) => ['diff', at(name), at('other'), '--format', format])))
    }), runs)
  }, 120_000)

  it('and compile without --redact shows the environment that the process gets, but no password', async () => {
    write('one', { env: `${MARK}-env`, device: `${MARK}-device`, password: `${MARK}-password`, operator: `${MARK}-operator`, hook: `${MARK}-hook` })
    for (const flags of [[], ['--full']]) {
      const { stdout } = await commandLine('compile', at('one'), ...flags)
      expect(stdout).toContain(`${MARK}-env`)
      expect(stdout).not.toMatch(new RegExp(`${MARK}-(?:password|operator)`))
    }
  })
})
