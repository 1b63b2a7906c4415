import { execFileSync, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { inspect } from 'node:util'

import { DriverTaskEvent, StartTaskResponse, WaitTaskResponse } from '../../src/generated/nomad/driver'
import { makeAllocation } from './harness/allocation'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { ask, launch, Plugin, refusal } from './harness/plugin'
import { sleep } from './harness/process'
import { pushBusybox, Registry, startRegistry } from './harness/registry'
import { secured, SecureRegistry } from './harness/secureRegistry'

/** Nothing else on this host has these letters. */
const PASSWORD = `pw-${String(process.pid)}-${String(Date.now())}`
const WRONG = `${PASSWORD}-wrong`
const SECRETS = [PASSWORD, ...[PASSWORD, WRONG].map((one) => Buffer.from(`me:${one}`).toString('base64'))]

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'passwords-'))
let daemon: PrivateContainerd
let registry: Registry
let front: SecureRegistry
let plugin: Plugin
const events: Array<DriverTaskEvent> = []

beforeAll(async () => {
  daemon = await startContainerd()
  registry = await startRegistry()
  for (const name of ['task', 'config', 'helper', 'wrong']) pushBusybox(registry, `team/${name}:1`)
  front = await secured(registry.host, { tls: false, login: { username: 'me', password: PASSWORD, scheme: 'bearer' } })
  // It is asked for what stands in the config.json with no login of its own, and knows it.
  fs.writeFileSync(path.join(dir, 'docker-credential-known'), `#!/bin/sh\nread -r server\nsleep 0.3\ncat ${dir}/login.json\n`, { mode: 0o755 })
  fs.writeFileSync(path.join(dir, 'login.json'), JSON.stringify({ Username: 'me', Secret: PASSWORD }))
  process.env['PATH'] = `${dir}:${process.env['PATH'] ?? ''}`
}, 60_000)

afterAll(async () => {
  await plugin.kill()
  await front.stop()
  await registry.stop()
  await daemon.stop()
  fs.rmSync(dir, { recursive: true })
})

/** Everything that any process on this host was started with, and what ours were given to live in. */
const started = (): string =>
  fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid).map((pid) => {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    } catch {
      return ''
    }
  }).join('\n')

/** Runs a task to its end: what was answered to Nomad, and whatever processes were seen meanwhile. */
const run = async (image: string, config: object = {}): Promise<{ readonly told: string; readonly seen: string }> => {
  const one = makeAllocation({ config: { image: `${front.host}/${image}`, command: 'sh', args: ['-c', 'exit 0'], ...config } })
  const taskId = one.config.id
  const seen: Array<string> = []
  const look = setInterval(() => { seen.push(started()) }, 30)
  try {
    const start = ask<StartTaskResponse>((done) => plugin.driver.startTask({ task: one.config }, done))
    const outcome = await start.then((answer) => inspect(answer, { depth: 9 }) + Buffer.from(answer.handle?.driverState ?? []).toString('latin1'), async () => (await refusal(start)).details)
    await ask<WaitTaskResponse>((done) => plugin.driver.waitTask({ taskId }, done)).catch(() => undefined)
    return { told: outcome, seen: seen.join('\n') }
  } finally {
    clearInterval(look)
    await ask((done) => plugin.driver.destroyTask({ taskId, force: true }, done)).catch(() => undefined)
    one.remove()
  }
}

const launched = async (auth: object): Promise<void> => {
  plugin = await launch({
    containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, state_dir: path.join(dir, 'state'), auth
  })
  plugin.driver.taskEvents({}).on('data', (event: DriverTaskEvent) => { events.push(event) }).on('error', () => undefined)
  await sleep(100)
}

/** Files below these directories that hold any of the secrets: containerd's, with its labels and its log, and ours. */
const files = (): ReadonlyArray<string> => {
  const found = spawnSync('grep', ['-rlaF', ...SECRETS.flatMap((one) => ['-e', one]), '--exclude=login.json', '--exclude=config.json', daemon.directory, dir], { encoding: 'utf8' })
  return found.stdout.split('\n').filter((name) => name !== '')
}

it('a login stands nowhere, whoever brought it and whether it was right: not in what is told, written, labelled or run', async () => {
  const config = path.join(dir, 'config.json')
  const all: Array<string> = []
  const keep = ({ told, seen }: Awaited<ReturnType<typeof run>>): void => { all.push(told, seen) }
  fs.writeFileSync(config, JSON.stringify({ auths: { [front.host]: {} }, credsStore: 'known' }))
  await launched({ config })
  const byHelper = await run('team/helper:1')
  keep(byHelper)
  // The helper was seen at work, so that a login on a command line would have been.
  expect(byHelper.seen).toContain('docker-credential-known')
  keep(await run('team/task:1', { auth: { username: 'me', password: PASSWORD } }))
  const refused = await run('team/wrong:1', { auth: { username: 'me', password: WRONG } })
  expect(refused.told).toContain('refuses the login of me')
  keep(refused)
  all.push(plugin.stderr(), plugin.stdout())
  await plugin.kill()
  fs.writeFileSync(config, JSON.stringify({ auths: { [front.host]: { auth: Buffer.from(`me:${PASSWORD}`).toString('base64') } } }))
  await launched({ config })
  keep(await run('team/config:1'))
  all.push(plugin.stderr(), plugin.stdout(), JSON.stringify(events))
  expect(events.length).toBeGreaterThan(5)
  const images = execFileSync('ctr', ['-a', daemon.address, '-n', daemon.namespace, 'images', 'list', '-q'], { encoding: 'utf8' })
  for (const name of ['task', 'config', 'helper']) expect(images).toContain(`${front.host}/team/${name}:1`)
  expect(SECRETS.filter((secret) => all.join('\n').includes(secret))).toEqual([])
  expect(files()).toEqual([])
}, 60_000)
