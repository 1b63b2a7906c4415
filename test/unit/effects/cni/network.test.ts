import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { Attachment } from '../../../../src/core/domain/Cni'
import { checkNetwork, collectNetwork } from '../../../../src/effects/cni/lookAfter'
import { joinNetwork, leaveNetwork } from '../../../../src/effects/cni/network'
import { removeNamespace } from '../../../../src/effects/host/networkNamespace'

let dir: string

beforeEach(() => { dir = fs.mkdtempSync(path.join(os.tmpdir(), 'cni-')) })

afterEach(async () => {
  // Where one was missing, another namespace stands in for it, if this user may make one.
  await removeNamespace(path.join(dir, 'netns'))()
  fs.rmSync(dir, { recursive: true, force: true })
})

/** A plugin that writes down how it was called, and does as it is told. */
const plugin = (type: string, answer: string): void => {
  const script = `#!/bin/sh\n{ env | grep -v -e '^_=' -e '^PWD=' -e '^SHLVL=' -e '^OLDPWD=' | sort | tr '\\n' ' '; cat; echo; } >> ${dir}/${type}.calls\n${answer}\n`
  fs.writeFileSync(path.join(dir, type), script, { mode: 0o755 })
}

/** The calls of a plugin: which command, and what it was told. */
const calls = (type: string): ReadonlyArray<readonly [string, Record<string, unknown>]> => {
  const file = path.join(dir, `${type}.calls`)
  const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').filter((line) => line !== '') : []
  return lines.map((line) => [/CNI_COMMAND=(\S+)/.exec(line)?.[1] ?? '', JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>])
}

const attachment = (plugins: ReadonlyArray<object>, cniVersion = '1.0.0', more: Partial<Attachment> = {}): Attachment => ({
  container: 'c', netns: path.join(dir, 'netns'), network: 'mine', conflist: JSON.stringify({ cniVersion, name: 'mine', plugins }), path: `${dir}/none:${dir}`,
  args: { IgnoreUnknown: 'true', NOMAD_ALLOC_ID: 'a1' }, capabilities: { portMappings: [{ hostPort: 1, containerPort: 2, protocol: 'tcp', hostIP: '' }], mac: '02:00:00:00:00:01' },
  record: path.join(dir, 'state/c/network.json'), ...more
})

const ANSWER = { ips: [{ address: '10.1.0.5/24', gateway: '10.1.0.1' }, { address: 'fd00::5/64' }], dns: { nameservers: ['10.1.0.53'], search: ['x.y'] } }

const two = (version?: string): Attachment => {
  plugin('first', `echo '${JSON.stringify({ ...ANSWER, cniVersion: '1.0.0' })}'`)
  plugin('second', `echo '${JSON.stringify({ ...ANSWER, cniVersion: '1.0.0', second: true })}'`)
  plugin('loopback', 'echo "{}"')
  return attachment([{ type: 'first', own: 1 }, { type: 'second', capabilities: { portMappings: true } }], version)
}

it('ADD of each in turn, each told what the one before answered, what it declares, and nothing of the environment', async () => {
  process.env['SECRET_OF_THE_DRIVER'] = 'yes'
  expect(await joinNetwork(two())()).toEqual({
    _tag: 'Right',
    right: { _tag: 'Words', words: { address: '10.1.0.5', address6: 'fd00::5', addresses: '10.1.0.5 fd00::5', gateway: '10.1.0.1', nameservers: '10.1.0.53', search: 'x.y' } }
  })
  expect(calls('first')).toEqual([['ADD', { type: 'first', own: 1, name: 'mine', cniVersion: '1.0.0' }]])
  expect(calls('second')).toMatchObject([['ADD', { prevResult: ANSWER, runtimeConfig: { portMappings: [{ hostPort: 1, containerPort: 2 }] } }]])
  expect(calls('second')[0]?.[1]['runtimeConfig']).not.toHaveProperty('mac')
  expect(fs.readFileSync(path.join(dir, 'first.calls'), 'utf8')).toMatch(
    new RegExp(`^CNI_ARGS=IgnoreUnknown=true;NOMAD_ALLOC_ID=a1 CNI_COMMAND=ADD CNI_CONTAINERID=c CNI_IFNAME=eth0 CNI_NETNS=${dir}/netns CNI_PATH=${dir}/none:${dir} LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin \\{`)
  )
  expect(fs.readFileSync(path.join(dir, 'loopback.calls'), 'utf8')).toContain('CNI_IFNAME=lo ')
})

it('DEL in reverse order with the conflist, the result and what was asked of ADD, whatever is said by now', async () => {
  const joined = two()
  await joinNetwork(joined)()
  const now = attachment([{ type: 'another' }], '1.0.0', { capabilities: {} })
  expect(await leaveNetwork(now)()).toEqual({ _tag: 'Right', right: undefined })
  expect(calls('second')[1]).toMatchObject(['DEL', { prevResult: { second: true }, runtimeConfig: { portMappings: [{ hostPort: 1 }] } }])
  expect(calls('first')[1]).toMatchObject(['DEL', { own: 1, prevResult: { second: true } }])
  expect(fs.existsSync(path.join(dir, 'state/c'))).toBe(false)
})

it('without what ADD answered DEL has the conflist of the undo, and twice is as good as once', async () => {
  const joined = two()
  await joinNetwork(joined)()
  fs.rmSync(path.join(dir, 'state'), { recursive: true })
  for (const _twice of [1, 2]) expect(await leaveNetwork(joined)()).toEqual({ _tag: 'Right', right: undefined })
  expect(calls('first').map(([command]) => command)).toEqual(['ADD', 'DEL', 'DEL'])
  expect(calls('first')[1]?.[1]).not.toHaveProperty('prevResult')
})

it('DEL asks every plugin, also when one refuses, and tells of it in its own words and those of its stderr', async () => {
  const joined = two()
  await joinNetwork(joined)()
  plugin('second', `echo "the firewall is on fire" >&2; echo '{"code": 11, "msg": "try again", "details": "later"}'; exit 1`)
  expect(await leaveNetwork(joined)()).toEqual({
    _tag: 'Left', left: { _tag: 'Unavailable', doing: 'leave network mine', detail: 'second DEL: try again; later; the firewall is on fire' }
  })
  expect(calls('first').map(([command]) => command)).toEqual(['ADD', 'DEL'])
  expect(fs.existsSync(path.join(dir, 'state/c/network.json'))).toBe(true)
})

it('an ADD that fails in the middle keeps what there was, so that DEL has it', async () => {
  const joined = two()
  plugin('second', 'echo "no rule" >&2; exit 3')
  expect(await joinNetwork(joined)()).toEqual({
    _tag: 'Left', left: { _tag: 'Unavailable', doing: 'join network mine', detail: 'second ADD: ended with 3; no rule' }
  })
  plugin('second', 'true')
  await leaveNetwork(joined)()
  expect(calls('second')[1]).toMatchObject(['DEL', { prevResult: ANSWER }])
})

it.each([['1.0.0', ['ADD']], ['1.1.0', ['STATUS', 'ADD']]])('plugins of CNI %s are asked: %j', async (version, said) => {
  await joinNetwork(two(version))()
  expect(calls('first').map(([command]) => command)).toEqual(said)
})

it.each([['0.3.1', {}, []], ['0.4.0', {}, ['CHECK']], ['1.0.0', { disableCheck: true }, []]])('CHECK in CNI %s %j: %j', async (version, more, said) => {
  const joined = two(version)
  const changed = { ...joined, conflist: JSON.stringify({ ...(JSON.parse(joined.conflist) as object), ...more }) }
  await joinNetwork(changed)()
  expect(await checkNetwork(changed)()).toEqual({ _tag: 'Right', right: undefined })
  expect(calls('second').slice(1).map(([command]) => command)).toEqual(said)
})

it('a plugin that is not there is named, with where it was looked for; a name that leads out of there is none', async () => {
  expect(await joinNetwork(attachment([{ type: '../first' }, { type: 'loopback' }]))()).toEqual({
    _tag: 'Left', left: { _tag: 'NotFound', doing: 'join network mine', detail: `the CNI plugin ../first is not in ${dir}/none:${dir}` }
  })
})

/** Does something while this process can open nothing more. */
const withoutDescriptors = async <A>(work: () => Promise<A>): Promise<A> => {
  const limits = /Max open files\s+(\d+)\s+(\d+)/.exec(fs.readFileSync('/proc/self/limits', 'utf8'))
  const setTo = (soft: string): unknown => execFileSync('prlimit', ['--pid', String(process.pid), `--nofile=${soft}:${limits?.[2] ?? ''}`])
  const held: Array<number> = []
  setTo(String(fs.readdirSync('/proc/self/fd').length + 40))
  try {
    for (;;) held.push(fs.openSync('/dev/null', 'r'))
  } catch {
    // Nothing more can be opened.
  }
  // Pipes, and a few for what looks whether the plugin is there.
  for (const fd of held.splice(0, 2)) fs.closeSync(fd)
  try {
    return await work()
  } finally {
    for (const fd of held) fs.closeSync(fd)
    setTo(limits?.[1] ?? '1024')
  }
}

it('without a descriptor left a plugin is not run, which is an answer and ends nobody', async () => {
  const joined = two()
  plugin('loopback', 'echo "{}"')
  await joinNetwork(joined)()
  const answer = await withoutDescriptors(() => checkNetwork(joined)())
  expect(answer).toMatchObject({ _tag: 'Left', left: { _tag: 'Unavailable', detail: expect.stringMatching(/first cannot be run \(.*EMFILE; this process has no descriptor left/) as string } })
  expect(await checkNetwork(joined)()).toEqual({ _tag: 'Right', right: undefined })
})

it.each([['1.0.0', []], ['1.1.0', ['GC']]])('GC in CNI %s: %j, with who is still there', async (version, said) => {
  const { network, conflist, path: where } = two(version)
  expect(await collectNetwork({ network, conflist, path: where }, [{ container: 'c' }])()).toEqual({ _tag: 'Right', right: undefined })
  expect(calls('second').map(([command]) => command)).toEqual(said)
  for (const [, told] of calls('first')) expect(told).toMatchObject({ own: 1, name: 'mine', 'cni.dev/valid-attachments': [{ containerID: 'c', ifname: 'eth0' }] })
})
