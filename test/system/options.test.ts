import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { RLIMITS } from '../../src/core/domain/rlimits'
import { Facts, merge, none } from '../../src/core/facts/Facts'
import { Question } from '../../src/core/facts/Question'
import { undosOf } from '../../src/core/plan/Plan'
import { planStart } from '../../src/core/plan/plans'
import { moreQuestions, questionsOf } from '../../src/core/resolve/questionsOf'
import * as Request from '../../src/core/resolve/Request'
import { translate } from '../../src/core/translate'
import { answer } from '../../src/effects/answer'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { ARCHITECTURE } from '../../src/effects/host/architecture'
import { hostDevices } from '../../src/effects/host/hostDevices'
import { hostFacts } from '../../src/effects/host/hostFacts'
import { machine } from '../../src/effects/machine'
import { execute, revertAll } from '../../src/effects/ports/execute'
import { Looker } from '../../src/effects/ports/Reads'
import { systemClock } from '../../src/effects/ports/systemClock'
import { NetworkIsolationSpec, StartTaskResponse, TaskConfig, WaitTaskResponse } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin, refusal } from './harness/plugin'
import { sleep } from './harness/process'
import { right } from './harness/right'

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
let stateDir: string
const made: Array<Allocation> = []

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  stateDir = path.join(daemon.directory, 'files')
  await importBusybox(containerd)
  plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, state_dir: stateDir })
}, 60_000)

afterEach(async () => {
  for (const { config: { id } } of made) await ask((done) => plugin.driver.destroyTask({ taskId: id, force: true }, done))
  expect(await settled(containerd)).toEqual([])
  expect(filesOfTasks()).toEqual([])
  for (const one of made.splice(0)) one.remove()
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

const filesOfTasks = (): ReadonlyArray<string> => (fs.existsSync(stateDir) ? fs.readdirSync(stateDir) : [])

type Options = Readonly<Record<string, unknown>>

/** A task of a shell script with these options, and more of Nomad's message. */
const task = (script: string, options: Options, message: Partial<TaskConfig> = {}): Allocation => {
  const one = makeAllocation({ config: { image: IMAGE, command: 'sh', args: ['-c', script], ...options } })
  made.push(one)
  return { ...one, config: { ...one.config, ...message } }
}

const start = ({ config }: Allocation): Promise<StartTaskResponse> => ask((done) => plugin.driver.startTask({ task: config }, done))
const wait = ({ config: { id } }: Allocation): Promise<WaitTaskResponse> => ask((done) => plugin.driver.waitTask({ taskId: id }, done))

/** What a script says on both outputs, by lines, once it has ended. */
const said = async (script: string, options: Options, message: Partial<TaskConfig> = {}): Promise<ReadonlyArray<string>> => {
  const one = task(script, options, message)
  await start(one)
  await wait(one)
  await one.outputEnds
  return `${one.stdout()}${one.stderr()}`.trim().split('\n')
}

const refused = async (options: Options, message: Partial<TaskConfig> = {}): Promise<string> =>
  (await refusal(start(task('true', options, message)))).details

const GROUP: NetworkIsolationSpec = NetworkIsolationSpec.fromPartial({ hostsConfig: { hostname: 'web-1', address: '172.26.64.5' } })

describe('the files of names', () => {
  it("has the job's hosts, and the name and address that Nomad gave", async () => {
    const lines = await said('cat /etc/hosts; echo x >> /etc/hosts || echo read-only', { extra_hosts: ['db:10.0.0.7', 'six:[fd00::7]'] }, { networkIsolationSpec: GROUP })
    expect(lines).toEqual(expect.arrayContaining(['127.0.0.1 localhost', '172.26.64.5 web-1', '10.0.0.7 db', 'fd00::7 six', 'read-only']))
  })

  it("has the name servers of the group's dns block, while the task lives", async () => {
    const dns = { servers: ['192.0.2.53'], searches: ['example.com'], options: ['ndots:3'] }
    const one = task('cat /etc/resolv.conf; id -u; sleep 1000', {}, { dns, user: 'nobody' })
    await start(one)
    while (!one.stdout().includes('65534')) await sleep(20)
    expect(one.stdout()).toBe('# made by containerd-driver\nnameserver 192.0.2.53\nsearch example.com\noptions ndots:3\n65534\n')
    const [directory = ''] = filesOfTasks()
    expect(fs.readdirSync(path.join(stateDir, directory))).toEqual(['hosts', 'resolv.conf'])
    expect(fs.statSync(path.join(stateDir, directory, 'resolv.conf')).mode & 0o777).toBe(0o644)
    await ask((done) => plugin.driver.destroyTask({ taskId: one.config.id, force: true }, done))
    expect(filesOfTasks()).toEqual([])
  })

  it('leaves no file of a task that could not start', async () => {
    expect(await refused({ command: '/bin/nope', extra_hosts: ['db:10.0.0.7'] })).toContain('/bin/nope')
    expect(filesOfTasks()).toEqual([])
  })

  it('leaves no file of a task that the plugin has forgotten', async () => {
    const one = task('sleep 1000', { extra_hosts: ['db:10.0.0.7'] })
    await start(one)
    const other = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, state_dir: stateDir })
    await ask((done) => other.driver.destroyTask({ taskId: one.config.id, force: true }, done))
    await other.kill()
    expect(filesOfTasks()).toEqual([])
  })
})

describe('the process', () => {
  it('has a terminal, whose output comes on stdout', async () => {
    const one = task('test -t 0 && test -t 1 && echo terminal; echo err >&2; exit 3', { tty: true })
    await start(one)
    expect((await wait(one)).result?.exitCode).toBe(3)
    while (!one.stdout().includes('err')) await sleep(20)
    expect(one.stdout()).toBe('terminal\r\nerr\r\n')
  })

  it('runs below an init, which hands on signals and exit codes', async () => {
    const one = task('tr "\\0" " " < /proc/1/cmdline; echo; trap "exit 7" TERM; echo ready; while true; do sleep 0.02; done', { init: true })
    await start(one)
    while (!one.stdout().includes('ready')) await sleep(20)
    expect(one.stdout()).toMatch(/^\/sbin\/tini -- sh -c /)
    await ask((done) => plugin.driver.stopTask({ taskId: one.config.id, timeout: { seconds: 10n, nanos: 0 }, signal: '' }, done))
    expect((await wait(one)).result?.exitCode).toBe(7)
  })

  it('has its limits, its umask and its more groups', async () => {
    const options = { ulimit: { nofile: '512:1024', core: '0' }, umask: '0027', group_add: ['nogroup', '1001'] }
    expect(await said('ulimit -n; ulimit -Hn; ulimit -c; umask; id -G', options)).toEqual(['512', '1024', '0', '0027', expect.stringMatching(/^0 .*1001 65534$|^0 .*65534 1001$/)])
  })

  it('has the oom score that was asked for', async () => {
    expect(await said('cat /proc/self/oom_score_adj', { oom_score_adj: 500 })).toEqual(['500'])
  })
})

describe('confinement', () => {
  it('filters system calls with seccomp = true, and not without', async () => {
    const script = 'unshare -U true 2> /dev/null && echo allowed || echo blocked'
    expect((await said(script, {})).at(-1)).toBe('allowed')
    expect((await said(script, { seccomp: true })).at(-1)).toBe('blocked')
  })

  it('filters with a profile of the host', async () => {
    const profile = path.join(daemon.directory, 'profile.json')
    fs.writeFileSync(profile, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 1 }] }))
    expect((await said('mkdir /tmp/a 2>&1 || echo blocked', { seccomp: true, seccomp_profile: profile })).at(-1)).toBe('blocked')
  })

  it.each([
    ['that is not there', () => '/nonexistent.json', 'does not exist on the host'],
    ['that is a directory', () => daemon.directory, 'is no regular file'],
    ['above 1 MiB', () => { fs.writeFileSync(`${daemon.directory}/big.json`, ' '.repeat(1_048_577)); return `${daemon.directory}/big.json` }, 'larger than 1 MiB'],
    ['that never ends', () => '/dev/zero', 'is no regular file']
  ])('refuses a seccomp profile %s', async (_what, profile, reason) => {
    expect(await refused({ seccomp: true, seccomp_profile: profile() })).toContain(reason)
  })

  it('sees every device and has every capability of the host when privileged', async () => {
    const bounding = /^CapBnd:\s*(\S+)$/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[1]
    // runc makes these two itself, on the container's own devpts.
    const devices = Object.keys(await hostDevices('/dev')).filter((device) => !['/dev/ptmx', '/dev/console'].includes(device))
    const script = `sed -n "s/^CapEff:[[:space:]]*//p" /proc/self/status; for d in ${devices.join(' ')}; do test -b $d -o -c $d || echo no $d; done; grep -c " /proc/sys " /proc/mounts; grep " /sys " /proc/mounts`
    const lines = await said(script, { privileged: true })
    expect(lines[0]).toBe(bounding)
    expect(lines.filter((line) => line.startsWith('no /dev'))).toEqual([])
    expect(lines.slice(-2)).toEqual(['0', expect.stringMatching(/^sysfs \/sys sysfs rw,/)])
    expect(devices.length).toBeGreaterThan(3)
  })

  it('cannot write where readonly_paths says, and sees nothing where masked_paths says', async () => {
    const options = { readonly_paths: ['/etc'], masked_paths: ['/etc/group'] }
    expect(await said('touch /etc/x 2>&1; wc -c < /etc/group; touch /tmp/x && echo written', options)).toEqual([expect.stringContaining('Read-only'), '0', 'written'])
  })

  it('sets kernel parameters of its own namespaces only', async () => {
    const before = fs.readFileSync('/proc/sys/net/core/somaxconn', 'utf8')
    expect(await said('cat /proc/sys/net/core/somaxconn /proc/sys/kernel/msgmax', { sysctl: { 'net.core.somaxconn': '16384', 'kernel.msgmax': '4242' } })).toEqual(['16384', '4242'])
    expect(fs.readFileSync('/proc/sys/net/core/somaxconn', 'utf8')).toBe(before)
  })

  it('cannot have more processes than pids_limit', async () => {
    const script = 'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 5 & done; echo all'
    expect((await said(script, { pids_limit: 8 })).join('\n')).toContain("can't fork")
  })

  it('has a /dev/shm of shm_size', async () => {
    expect((await said('df -k /dev/shm | tail -n 1', { shm_size: '8m' }))[0]).toMatch(/^shm\s+8192\s/)
  })
})

describe('CDI', () => {
  // The driver reads the CDI files of fixed directories of the host; here the answer about them is ours.
  it('brings what a CDI file says of a device: node, environment, mount', async () => {
    const source = path.join(daemon.directory, 'cdi-mount')
    fs.writeFileSync(source, 'from the host\n')
    const document = {
      cdiVersion: '0.5.0', kind: 'vendor.example/card',
      devices: [{ name: 'one', containerEdits: { deviceNodes: [{ path: '/dev/card0', hostPath: '/dev/null' }], env: ['CARD=one'], mounts: [{ hostPath: source, containerPath: '/card.txt', options: ['ro', 'bind'] }] } }]
    }
    const one = task('', {})
    const { msgpackDriverConfig: _config, ...allocation } = one.config
    const script = 'ls -l /dev/card0; echo $CARD; cat /card.txt'
    const request = right(Request.decode({
      task: { image: IMAGE, command: 'sh', args: ['-c', script], devices: ['vendor.example/card=one'] }, plugin: { containerd_runtime: 'io.containerd.runc.v2' }, allocation
    }))
    const ask = async (questions: ReadonlyArray<Question>): Promise<Facts> => right(await answer(containerd, questions, new Map(), Looker('cdi'))())
    const first = merge(await ask(questionsOf(request)), { ...none, cdi: [{ path: '/etc/cdi/card.json', document }] })
    const facts = merge(first, await ask(moreQuestions(request, first)))
    const compiled = right(translate(request, facts))
    const plan = planStart(compiled)
    expect(await execute({ machine: machine(containerd), clock: systemClock }, plan, { materials: { compiled } })).toMatchObject({ _tag: 'Completed' })
    await one.outputEnds
    expect(one.stdout().split('\n')).toEqual([expect.stringMatching(/^c.* 1, +3 .*\/dev\/card0$/), 'one', 'from the host', ''])
    expect(await revertAll({ machine: machine(containerd), clock: systemClock }, plan.owner, undosOf(plan))).toEqual([])
  })
})

describe('devices', () => {
  let directory: string
  // Nobody's device: where the cgroup lets it be opened, the kernel says that there is no such device; else, that it is not permitted.
  beforeAll(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'devices-'))
    fs.mkdirSync(path.join(directory, 'below'))
    fs.mkdirSync(path.join(directory, 'pts'))
    for (const [name, minor] of [['one', '7'], ['below/two', '8'], ['pts/0', '9'], ['console', '10']] as const) {
      execFileSync('mknod', ['-m', '666', path.join(directory, name), 'c', '200', minor])
    }
    fs.symlinkSync('one', path.join(directory, 'link'))
    fs.writeFileSync(path.join(directory, 'plain'), '')
  })

  afterAll(() => { fs.rmSync(directory, { recursive: true }) })

  const open = (device: string): string => `cat ${device} 2>&1; echo 2>&1 > ${device}`

  it('are there by path', async () => {
    expect(await said(`ls -l ${directory}/one; ${open(`${directory}/one`)}`, { devices: [`${directory}/one`] })).toEqual([
      expect.stringMatching(/^crw-rw-rw- .* 200, +7 /), expect.stringContaining('No such device'), expect.stringContaining('No such device')
    ])
  })

  it('are there by block, at another place, with their permissions and no more', async () => {
    const devices = [{ host_path: `${directory}/one`, container_path: '/dev/mine', cgroup_permissions: 'r' }]
    expect(await said(open('/dev/mine'), { devices })).toEqual([expect.stringContaining('No such device'), expect.stringMatching(/not permitted/)])
  })

  it('are there with all of a directory, but for links, files and what belongs to one terminal', async () => {
    expect(await said('find /dev/all ! -type d | sort', { devices: [`${directory}:/dev/all`] })).toEqual(['/dev/all/below/two', '/dev/all/one'])
  })

  it('are refused when they are none', async () => {
    expect(await refused({ devices: [`${directory}/plain`] })).toContain('is no device')
    expect(await refused({ devices: ['/:/dev/all'] })).toContain('more than 20000 files')
  })
})

it('knows the hard limits of this process, and leaves out what is unlimited', () => {
  const { hardLimits, resolvConf, resolvConfText } = hostFacts()
  const shell: ReadonlyArray<readonly [string, string]> = [['n', 'NOFILE'], ['u', 'NPROC'], ['c', 'CORE'], ['s', 'STACK'], ['l', 'MEMLOCK'], ['i', 'SIGPENDING'], ['v', 'AS']]
  for (const [flag, name] of shell) {
    const limit = execFileSync('bash', ['-c', `ulimit -H${flag}`], { encoding: 'utf8' }).trim()
    const unit = ['c', 's', 'l', 'v'].includes(flag) ? 1024 : 1
    expect([name, hardLimits[`RLIMIT_${name}`]]).toEqual([name, limit === 'unlimited' ? undefined : Number(limit) * unit])
  }
  expect(Object.keys(hardLimits).every((name) => RLIMITS.includes(name))).toBe(true)
  expect(resolvConfText).toBe(fs.readFileSync(resolvConf, 'utf8'))
})

it('runs the image of a platform, and says when the one that is here is for another', async () => {
  expect(await said('uname -s', { platform: `linux/${ARCHITECTURE}` })).toEqual(['Linux'])
  expect(await refused({ platform: 'linux/s390x', pull_policy: 'never' })).toContain(`it is for linux/${ARCHITECTURE}, and \`platform\` asks for linux/s390x`)
})

it('never says what is in a file of the host that is no seccomp profile', async () => {
  const secret = path.join(daemon.directory, 'shadow')
  fs.writeFileSync(secret, 'root:$6$s3cret:19000:0:99999:7:::\n')
  expect(await refused({ seccomp: true, seccomp_profile: secret })).not.toContain('s3cret')
  fs.writeFileSync(secret, '{"token":"s3cret"}')
  expect(await refused({ seccomp: true, seccomp_profile: secret })).not.toContain('s3cret')
})
