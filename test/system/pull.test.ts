import { execFile, execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { StartTaskResponse, WaitTaskResponse } from '../../src/generated/nomad/driver'
import { makeAllocation } from './harness/allocation'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, EXECUTABLE, launch } from './harness/plugin'
import { pushBusybox, Registry, startRegistry } from './harness/registry'
import { secured, SecureRegistry } from './harness/secureRegistry'

// `containerd-driver pull`, which warms a host.

let daemon: PrivateContainerd
let containerd: Containerd
let registry: Registry
let front: SecureRegistry
let directory: string

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  registry = await startRegistry()
  for (const tag of ['1', '2', '3']) pushBusybox(registry, `team/app:${tag}`)
  front = await secured(registry.host, { tls: false, login: { username: 'me', password: 'p-s3cret', scheme: 'bearer' } })
  directory = path.join(daemon.directory, 'jobs')
  fs.mkdirSync(directory)
}, 60_000)

afterAll(async () => {
  await front.stop()
  containerd.close()
  await registry.stop()
  await daemon.stop()
})

afterEach(async () => { expect(await settled(containerd)).toEqual([]) })

interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** The front of the registry is this very process: it has to listen meanwhile. */
const pull = (...args: ReadonlyArray<string>): Promise<Said> =>
  new Promise((resolve) => {
    execFile(EXECUTABLE, ['pull', ...args], { encoding: 'utf8' }, (error, out, err) => { resolve({ code: error === null ? 0 : Number(error.code), out, err }) })
  })

const written = (name: string, text: string): string => {
  fs.writeFileSync(path.join(directory, name), text)
  return path.join(directory, name)
}

const operator = (more: object = {}): string => written('plugin.json', JSON.stringify({
  containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace,
  auth: { username: 'me', password: 'p-s3cret', server_address: front.host }, ...more
}))

const images = (): string =>
  execFileSync('ctr', ['--address', daemon.address, '--namespace', daemon.namespace, 'images', 'ls', '-q'], { encoding: 'utf8' })

const task = (name: string, config: string): string =>
  `task "${name}" {\n driver = "containerd-driver"\n config {\n${config}\n command = "true"\n }\n}\n`

it('an image that was pulled stays, and a start asks no registry', async () => {
  const image = `${front.host}/team/app:1`
  const said = await pull(image, '--plugin', operator())
  expect(said).toMatchObject({ code: 0, err: `${image}: downloading\n` })
  expect(said.out).toMatch(new RegExp(`^${image} sha256:[0-9a-f]{64}\n$`))
  expect(images()).toContain(`${image}\n`)
  const asked = front.requests.length
  expect(asked).toBeGreaterThan(3)
  const plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace })
  const one = makeAllocation({ config: { image, command: 'sh', args: ['-c', 'exit 9'] } })
  await ask<StartTaskResponse>((done) => plugin.driver.startTask({ task: one.config }, done))
  expect((await ask<WaitTaskResponse>((done) => plugin.driver.waitTask({ taskId: one.config.id }, done))).result?.exitCode).toBe(9)
  await ask((done) => plugin.driver.destroyTask({ taskId: one.config.id, force: true }, done))
  one.remove()
  await plugin.kill()
  expect(front.requests.length).toBe(asked)
  // Once more: the registry is asked for its manifest, and nothing is fetched.
  expect(await pull(image, '--plugin', operator())).toMatchObject({ code: 0, out: said.out })
  expect(front.requests.slice(asked).filter((request) => request.includes('/blobs/'))).toEqual([])
})

it('the images of a job come once each, whatever else only a client or another host knows', async () => {
  const image = `${front.host}/team/app:2`
  const job = written('web.nomad.hcl', `job "web" {\n group "g" {\n${[
    task('a', `image = "${image}"\n hostname = "\${node.unique.name}"\n devices = ["/dev/none"]`),
    task('b', `image = "${image}"`),
    task('c', 'image = "never:1"\n pull_policy = "never"'),
    task('d', 'image = "own:1"\n load = "own.tar"')
  ].join('')}}\n}\n`)
  const said = await pull('--job', job, '--plugin', operator())
  expect(said.err).toContain('g/c: has `pull_policy = "never"`; nothing is pulled for it')
  expect(said.err).toContain('g/d: brings its image along; nothing is pulled for it')
  expect(said.err.match(/downloading/g)).toHaveLength(1)
  expect(said).toMatchObject({ code: 0 })
  expect(said.out.startsWith(`${image} sha256:`)).toBe(true)
  expect((await pull('--job', job, '--task', 'g/b', '--plugin', operator())).out).toBe(said.out)
})

it('one that cannot be had does not keep the next from coming; the words have no password', async () => {
  const said = await pull(`${front.host}/team/none:1`, `${front.host}/team/app:3`, '--plugin', operator())
  expect(said.code).toBe(1)
  expect(said.err).toContain(`pull ${front.host}/team/none:1: `)
  expect(said.out.startsWith(`${front.host}/team/app:3 sha256:`)).toBe(true)
  const refused = await pull(`${front.host}/team/app:1`, '--plugin', operator({ auth: { username: 'me', password: 'wr0ng', server_address: front.host } }))
  expect(refused.code).toBe(1)
  expect(`${said.err}${refused.err}${refused.out}`).not.toMatch(/p-s3cret|wr0ng/)
})

it('what the operator refuses is refused before anything is asked for', async () => {
  const asked = front.requests.length
  const said = await pull(`${front.host}/team/app:1`, 'redis:7', '--plugin', operator({ images: { allow: ['docker.io/library/*'] } }))
  expect(said).toMatchObject({ code: 2, out: '' })
  expect(said.err).toContain('images.allow')
  expect(await pull('Redis', '--plugin', operator())).toMatchObject({ code: 2 })
  expect(await pull()).toMatchObject({ code: 2 })
  expect(front.requests.length).toBe(asked)
  const verifiers = path.join(directory, 'verifiers')
  fs.mkdirSync(verifiers)
  fs.writeFileSync(path.join(verifiers, 'no'), '#!/bin/sh\necho "not signed"; exit 1\n', { mode: 0o755 })
  const unsigned = await pull(`${front.host}/team/app:1`, '--plugin', operator({ images: { verifier: { bin_dir: verifiers } } }))
  expect(unsigned).toMatchObject({ code: 1, out: '' })
  expect(unsigned.err).toContain('(exit code 1): not signed')
})

it('without a containerd it says so', async () => {
  const said = await pull('redis:7', '--plugin', operator({ address: '/nowhere/containerd.sock' }))
  expect(said).toMatchObject({ code: 1, out: '' })
  expect(said.err).toContain('/nowhere/containerd.sock')
})
