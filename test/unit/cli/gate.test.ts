import * as path from 'node:path'

import { commandLine, put, workDir } from '../../fakes/commandLine'

const dir = workDir()
const file = (name: string): string => path.join(dir, name)

interface Told {
  readonly key: string
  readonly verdict: string
  readonly subject: string
  readonly cause?: string
  readonly place?: { readonly line?: number }
}

interface Said {
  readonly told: ReadonlyArray<Told>
  readonly findings: ReadonlyArray<{ readonly level: string; readonly message: string }>
  readonly exitCode: number
}

/** What differs between two jobs. */
const diff = async (before: string, after: string, ...args: ReadonlyArray<string>): Promise<Said> => {
  put(dir, { 'before.hcl': before, 'after.hcl': after })
  const { stdout, stderr, exitCode } = await commandLine('diff', file('before.hcl'), file('after.hcl'), '--format', 'json', ...args)
  if (stdout === '') throw new Error(stderr)
  const { comparisons, findings } = JSON.parse(stdout)
  return { told: comparisons.flatMap(({ changes }: { readonly changes: ReadonlyArray<Told> }) => changes), findings, exitCode }
}

const short = (told: ReadonlyArray<Told>): ReadonlyArray<string> => told.map(({ verdict, subject, key }) => `${verdict} ${subject} ${key}`)

interface Parts {
  readonly job?: string
  readonly group?: string
  readonly network?: string
  readonly task?: string
  readonly config?: string
  readonly more?: string
  readonly name?: string
  readonly image?: string
}

const job = (parts: Parts = {}): string => `job "a" {
  ${parts.job ?? ''}
  group "g" {
    ${parts.network ?? 'network {\n mode = "bridge"\n }'}
    ${parts.group ?? ''}
    task "${parts.name ?? 't'}" {
      driver = "containerd-driver"
      ${parts.task ?? ''}
      config {
        image = "${parts.image ?? 'example/app:1.0'}"
        command = "serve"
        ${parts.config ?? ''}
      }
    }
    ${parts.more ?? ''}
  }
}
`

const OPEN = 'privileged = true\n volumes = ["/etc:/host"]'

describe('a task that is refused', () => {
  it('is compared by what the job says where both sides are refused', async () => {
    const { told, exitCode, findings } = await diff(
      job({ task: 'user = "a:b:c"' }), job({ task: 'user = "a:b:c"', image: 'example/other:2.0', config: OPEN }))
    expect(exitCode).toBe(1)
    expect(short(told)).toEqual(expect.arrayContaining([
      'unknown program /container/image/name', 'weakens isolation /spec/process/noNewPrivileges', 'weakens isolation /spec/mounts/~1host'
    ]))
    expect(findings).toEqual([expect.objectContaining({ level: 'error' })])
  })

  it('is a finding also where nothing differs, and with any --fail-on', async () => {
    const same = job({ task: 'user = "a:b:c"' })
    expect(await diff(same, same, '--fail-on', 'weakens')).toMatchObject({ told: [], exitCode: 1 })
  })

  it.each([
    ['a device that is no path', 'devices = ["dri"]', 'task.devices'],
    ['a name of no option', 'imagee = "x"', 'task.imagee'],
    ['a value of another kind', 'readonly_rootfs = "maybe"', 'task.readonly_rootfs']
  ])('does not tighten, and the rest is judged: %s', async (_, wrong, at) => {
    const { told, exitCode } = await diff(job(), job({ config: `${wrong}\n ${OPEN}` }), '--fail-on', 'weakens')
    expect(exitCode).toBe(1)
    expect(told.filter(({ verdict }) => verdict === 'tightens')).toEqual([])
    expect(short(told)).toContainEqual(expect.stringContaining(`unknown isolation /issues/${at}`))
    expect(told.find(({ key }) => key === '/spec/process/noNewPrivileges')).toMatchObject({ verdict: 'weakens', cause: 'task.privileged' })
    const back = await diff(job({ config: `${wrong}\n ${OPEN}` }), job())
    expect(short(back.told)).toEqual(expect.arrayContaining(['tightens isolation /spec/process/noNewPrivileges']))
  })

  it('tells another value of what cannot be read, with the same reason', async () => {
    const { told } = await diff(job({ config: 'imagee = "a"' }), job({ config: 'imagee = "b"' }))
    expect(told.map(({ verdict }) => verdict)).toContain('unknown')
  })
})

describe('a task that is new', () => {
  const other = (config = '', driver = 'containerd-driver'): string =>
    `task "v" {\n driver = "${driver}"\n config {\n image = "example/side:1.0"\n ${config}\n }\n }`

  it('weakens by what it has beyond a task of its image', async () => {
    const { told } = await diff(job(), job({ more: other(OPEN) }))
    expect(short(told)).toEqual(expect.arrayContaining(['unknown isolation ', 'weakens isolation /spec/mounts/~1host', 'weakens isolation /spec/process/noNewPrivileges']))
    expect(short((await diff(job(), job({ more: other() }))).told)).toEqual(['unknown isolation '])
    expect(short((await diff(job({ more: other() }), job())).told)).toEqual(['neutral program '])
  })

  it('weakens where its group is new and has the network of the host', async () => {
    const more = `}\n group "h" {\n ${other()}`
    expect(short((await diff(job(), job({ more }))).told)).toContain('weakens isolation /job/group/network/mode')
  })

  it('is unknown under another driver, also where it is renamed on the way', async () => {
    const raw = await diff(job(), job({ more: other('', 'raw_exec') }), '--fail-on', 'unknown')
    expect(raw).toMatchObject({ exitCode: 1 })
    expect(short(raw.told)).toEqual(['unknown isolation '])
    const swapped = await diff(job({ more: other('', 'docker') }), job({ more: other('', 'raw_exec') }))
    expect(short(swapped.told)).toEqual(['unknown isolation /driver'])
    const taken = await diff(job(), job({ name: 'u', more: other('', 'raw_exec').replace('"v"', '"t"') }))
    expect(short(taken.told)).toContain('unknown isolation ')
  })

  it('is its old self under another name', async () => {
    const [two, renamed] = [job({ more: other() }), job({ name: 'renamed', more: other() })]
    expect(short((await diff(two, renamed)).told)).toEqual(['neutral program /name'])
    expect(short((await diff(two, job({ name: 'renamed', config: OPEN, more: other() }))).told)).toContain('weakens isolation /spec/mounts/~1host')
  })
})

const VOLUME = 'volume "v" {\n type = "host"\n source = "rootfs"\n }'
const MOUNT = 'volume_mount {\n volume = "v"\n destination = "/host"\n }'
const network = (inside: string): Parts => ({ network: `network {\n ${inside}\n }` })

describe('everything in the job that decides what the container is and reaches', () => {
  it.each<readonly [string, Parts, Parts, string]>([
    ['a network of a plugin', {}, network('mode = "cni/lan"'), 'unknown isolation /job/group/network/mode'],
    ['the network of the host', {}, network('mode = "host"'), 'weakens isolation /job/group/network/mode'],
    ['a static port', {}, network('mode = "bridge"\n port "ssh" {\n static = 22\n }'), 'weakens isolation /job/group/network/port/ssh'],
    ['a static port of the host\'s network', network('mode = "host"'), network('mode = "host"\n port "ssh" {\n static = 22\n }'), 'weakens isolation /job/group/network/port/ssh'],
    ['another static port', network('port "s" {\n static = 22\n }'), network('port "s" {\n static = 23\n }'), 'weakens isolation /job/group/network/port/s'],
    ['a port to another one', network('mode = "bridge"\n port "s" {\n to = 22\n }'), network('mode = "bridge"\n port "s" {\n to = 23\n }'), 'weakens isolation /job/group/network/port/s'],
    ['a volume', {}, { group: VOLUME, task: MOUNT }, 'weakens isolation /job/task/volume_mount/~1host'],
    ['another volume under one name', { group: VOLUME.replace('rootfs', 'data'), task: MOUNT }, { group: VOLUME, task: MOUNT }, 'weakens isolation /job/task/volume_mount/~1host'],
    ['a volume that can be written', { group: VOLUME.replace('\n }', '\n read_only = true\n }'), task: MOUNT }, { group: VOLUME, task: MOUNT }, 'weakens isolation /job/task/volume_mount/~1host'],
    ['mounts that reach the host', { group: VOLUME, task: MOUNT }, { group: VOLUME, task: MOUNT.replace('\n }', '\n propagation_mode = "bidirectional"\n }') }, 'weakens isolation /job/task/volume_mount/~1host'],
    ['a plugin of storage', {}, { task: 'csi_plugin {\n id = "x"\n type = "node"\n mount_dir = "/csi"\n }' }, 'weakens isolation /job/task/csi_plugin'],
    ['a device of a plugin', {}, { task: 'resources {\n device "nvidia/gpu" {\n count = 1\n }\n }' }, 'weakens isolation /job/task/resources/device/nvidia~1gpu'],
    ['secrets of Vault', {}, { task: 'vault {\n policies = ["a"]\n }' }, 'weakens isolation /job/task/vault'],
    ['one more policy', { task: 'vault {\n policies = ["a"]\n }' }, { task: 'vault {\n policies = ["a", "b"]\n }' }, 'weakens isolation /job/task/vault'],
    ['an identity in a file', {}, { task: 'identity {\n file = true\n }' }, 'weakens isolation /job/task/identity/default'],
    ['an identity that others trust', {}, { task: 'identity {\n name = "aws"\n aud = ["sts"]\n }' }, 'unknown isolation /job/task/identity/aws'],
    ['an upstream of the mesh', {}, { group: 'service {\n name = "x"\n port = "1"\n connect {\n sidecar_service {\n proxy {\n upstreams {\n destination_name = "db"\n local_bind_port = 1\n }\n }\n }\n }\n }' }, 'weakens isolation /job/group/service/x 1'],
    ['a tag that a proxy obeys', { group: 'service {\n name = "x"\n }' }, { group: 'service {\n name = "x"\n tags = ["traefik.enable=true"]\n }' }, 'unknown isolation /job/group/service/x'],
    ['a tag', { group: 'service {\n name = "x"\n }' }, { group: 'service {\n name = "x"\n tags = ["v2"]\n }' }, 'neutral program /job/group/service/x'],
    ['a template', {}, { task: 'template {\n data = "A=1"\n destination = "local/a"\n env = true\n }' }, 'unknown program /job/task/template/local~1a'],
    ['the text of a template', { task: 'template {\n data = "A=1"\n destination = "local/a"\n }' }, { task: 'template {\n data = "A=2"\n destination = "local/a"\n }' }, 'unknown program /job/task/template/local~1a'],
    ['what is fetched', {}, { task: 'artifact {\n source = "http://x/y"\n }' }, 'unknown program /job/task/artifact/http:~1~1x~1y'],
    ['a namespace', {}, { job: 'namespace = "prod"' }, 'unknown isolation /job/job/namespace'],
    ['the signal to end', {}, { task: 'kill_signal = "SIGINT"' }, 'neutral program /job/task/kill_signal'],
    ['when it runs', {}, { task: 'lifecycle {\n hook = "prestart"\n }' }, 'neutral program /job/task/lifecycle'],
    ['a restart', {}, { group: 'restart {\n attempts = 7\n }' }, 'neutral program /job/group/restart'],
    ['how many', {}, { group: 'count = 0' }, 'neutral program /job/group/count'],
    ['a command by name', {}, { task: 'action "x" {\n command = "sh"\n }' }, 'unknown program /job/task/action/x'],
    ['more logs', {}, { task: 'logs {\n max_files = 20\n }' }, 'weakens resources /job/task/logs'],
    ['words to a plugin of the network', network('mode = "cni/x"'), network('mode = "cni/x"\n cni {\n args = {\n A = "1"\n }\n }'), 'unknown isolation /job/group/network/cni/args/A']
  ])('is compared: %s', async (_, before, after, wanted) => {
    const { told, exitCode } = await diff(job(before), job(after))
    expect(short(told)).toContain(wanted)
    expect(exitCode).toBe(1)
    const back = await diff(job(after), job(before))
    expect(back.exitCode).toBe(1)
    expect(back.told).not.toEqual([])
  })

  it('an attribute that is not known is unknown, at every level', async () => {
    const api = (where: 'job' | 'group' | 'task' | 'network'): string => {
      const odd = (name: string): object => (name === where ? { NewThing: { Reach: 'all' } } : {})
      return JSON.stringify({ ID: 'a', ...odd('job'), TaskGroups: [{ Name: 'g', ...odd('group'), Networks: [{ Mode: 'bridge', ...odd('network') }], Tasks: [
        { Name: 't', Driver: 'containerd-driver', Config: { image: 'a' }, ...odd('task') }] }] })
    }
    const plain = api('none' as 'job')
    for (const where of ['job', 'group', 'task', 'network'] as const) {
      const { told } = await diff(plain, api(where))
      expect(told.map(({ verdict, subject }) => `${verdict} ${subject}`)).toEqual(['unknown isolation'])
    }
  })

  it('no secret of the job is told', async () => {
    const secret = (word: string): Parts => ({ task: `artifact {\n source = "http://x/y"\n headers {\n Authorization = "${word}"\n }\n }` })
    put(dir, { 's1.hcl': job(secret('first-word')), 's2.hcl': job(secret('second-word')) })
    const { stdout } = await commandLine('diff', file('s1.hcl'), file('s2.hcl'))
    expect(stdout).toContain('(redacted, after)')
    expect(stdout).not.toMatch(/first-word|second-word/)
  })
})
