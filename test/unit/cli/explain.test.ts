import * as path from 'node:path'

import { commandLine, job, ours, put, workDir } from '../../fakes/commandLine'

const dir = workDir()
const file = (name: string): string => path.join(dir, name)
const RUN = ['image = "redis:7"', 'command = "x"']

beforeAll(() => {
  put(dir, {
    'a.nomad.hcl': job({ app: '      env { TOKEN = "hunter2" }\n' + ours(...RUN, 'readonly_rootfs = true', 'cap_add = ["net_admin"]', 'auth {', 'username = "bob"', 'password = "pa55"', '}') }),
    'refused.nomad.hcl': job({ app: ours(...RUN, 'privileged = true') }),
    'plugin.hcl': 'containerd_runtime = "io.containerd.runc.v2"\nallow_privileged = false\nseccomp = true\n'
  })
})

const explain = (...args: ReadonlyArray<string>): ReturnType<typeof commandLine> => commandLine('explain', ...args)

describe('explain', () => {
  it('leads from a part of the outcome back to the option that caused it, and to its line', async () => {
    expect(await explain(file('a.nomad.hcl'), '/spec/root/readonly')).toEqual({
      stdout: `/spec/root/readonly = true\n    task.readonly_rootfs (${file('a.nomad.hcl')}:9,9)\n`, stderr: '', exitCode: 0
    })
    expect((await explain(file('a.nomad.hcl'), '/spec/process/capabilities/bounding/CAP_NET_ADMIN')).stdout).toContain('task.cap_add[0]')
    expect((await explain(file('a.nomad.hcl'), '/spec/process/terminal')).stdout).toContain('default of task.tty')
    expect((await explain(file('a.nomad.hcl'), '/spec/root/path')).stdout).toContain('always so')
    expect((await explain(file('a.nomad.hcl'), '/seccomp', '--plugin', file('plugin.hcl'))).stdout).toContain(`plugin.seccomp (${file('plugin.hcl')}:3,1)`)
  })

  it('tells what an option is for, what it is set to and where, and what it sets', async () => {
    const { stdout } = await explain(file('a.nomad.hcl'), 'readonly_rootfs')
    expect(stdout).toMatch(/^task\.readonly_rootfs: /)
    expect(stdout).toContain(`task.readonly_rootfs = true (${file('a.nomad.hcl')}:9,9)`)
    expect(stdout).toContain('sets:\n    /spec/root/readonly\n')
    const absent = await explain(file('a.nomad.hcl'), 'task.privileged')
    expect(absent.stdout).toContain('task.privileged = false (default)')
    expect(absent.stdout).toContain('governed by: plugin.allow_privileged = true (default)')
  })

  it('says why not: the option of the operator, its value, and where it is set', async () => {
    expect(await explain(file('refused.nomad.hcl'), '--plugin', file('plugin.hcl'))).toMatchObject({
      exitCode: 0,
      stdout: `${file('refused.nomad.hcl')}:8,9: task.privileged = true: the plugin option \`allow_privileged\` is false on this host\n    plugin.allow_privileged = false (${file('plugin.hcl')}:2,1)\n`
    })
  })

  it('says why not where the hint names the option', async () => {
    put(dir, { 'host.nomad.hcl': job({ app: ours(...RUN, 'volumes = ["/etc:/x"]') }), 'hard.hcl': 'containerd_runtime = "io.containerd.runc.v2"\nhardened = true\n' })
    expect((await explain(file('host.nomad.hcl'), '--plugin', file('hard.hcl'))).stdout).toMatch(/\n {4}plugin\.volumes\.\w+ = .*default/)
  })

  it('knows an option by its other names, and tells what was given once', async () => {
    put(dir, { 'alias.nomad.hcl': job({ app: ours(...RUN, 'work_dir = "/srv"') }), 'own.nomad.hcl': job({ app: ours(...RUN, 'cwd = "/srv"') }) })
    for (const [name, written] of [['alias', 'work_dir'], ['own', 'cwd']] as const) {
      for (const asked of ['work_dir', 'cwd', 'task.cwd']) {
        expect((await explain(file(`${name}.nomad.hcl`), asked)).stdout).toMatch(new RegExp(`^task\\.cwd: [^]*\\n  task\\.${written} = "/srv" \\([^)]+:8,9\\)\\n  sets:\\n    /spec/process/cwd\\n`))
      }
    }
  })

  it.each([
    [['host_network = true', 'network_mode = "host"'], '/network', 'task.host_network', 'task.network_mode'],
    [['force_pull = true', 'pull_policy = "always"'], '/fetch/policy', 'task.force_pull', 'task.pull_policy']
  ])('names all that say the same: %j', async (config, place, one, other) => {
    put(dir, { 'both.nomad.hcl': job({ app: ours(...RUN, ...config) }) })
    const { stdout } = await explain(file('both.nomad.hcl'), place)
    for (const cause of [one, other]) expect(stdout).toContain(`${cause} (`)
  })

  it.each([
    ['volumes = ["local/a:/a"]', '/spec/mounts/~1proc'], ['userns = "host"', '/spec/linux/namespaces/pid'], ['privileged = false', '/spec/process/noNewPrivileges'],
    ['labels = { x = "y" }', '/container/labels/containerd-driver~1owner'], ['devices = ["/dev/fuse"]', '/spec/linux/resources/devices/0']
  ])('does not call %s the cause of what would be there without it', async (option, place) => {
    put(dir, { 'given.nomad.hcl': job({ app: ours(...RUN, option) }) })
    expect((await explain(file('given.nomad.hcl'), place)).stdout).toMatch(/\n {4}(?:default|always so)/)
  })

  it('shows no secret', async () => {
    for (const what of [[], ['/spec/process/env'], ['auth'], ['auth.password']]) {
      const { stdout } = await explain(file('a.nomad.hcl'), ...what)
      expect(stdout).not.toMatch(/hunter2|pa55/)
    }
    expect((await explain(file('a.nomad.hcl'), '/spec/process/env', '--show-env', 'TOKEN')).stdout).toContain('TOKEN=hunter2')
  })

  it('suggests what was meant', async () => {
    expect(await explain(file('a.nomad.hcl'), 'readonly_rootf')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean "readonly_rootfs"?') })
    expect(await explain(file('a.nomad.hcl'), '/spec/root/readonl')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean /spec/root/readonly?') })
  })
})

describe('explain of what stands outside of config', () => {
  it.each([
    ['memory', '/spec/linux/resources/memory/limit = 314572800'], ['cpu', '/spec/linux/resources/cpu/shares = 100'], ['user', '/spec/process/user/uid = "${image.config.User.uid}"'],
    ['env', '/spec/process/env/'], ['env.TOKEN', '= "TOKEN=(redacted)"'], ['network', '/network = '], ['resources', '/spec/linux/cgroupsPath = ']
  ])('%s says where it is written and what it sets', async (word, part) => {
    const { stdout, exitCode } = await explain(file('a.nomad.hcl'), word)
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(part)])
    expect(stdout).toMatch(new RegExp(`^${word.replace('.', '\\.')}: .*\\n  written in .*a\\.nomad\\.hcl`))
  })

  it('takes a place of the spec as `compile` prints it', async () => {
    const [full, spec] = [await explain(file('a.nomad.hcl'), '/spec/linux/resources/memory/limit'), await explain(file('a.nomad.hcl'), '/linux/resources/memory/limit')]
    expect(spec).toEqual(full)
    expect(spec.exitCode).toBe(0)
  })

  it('means a word that was mistyped, of a block too', async () => {
    expect((await explain(file('a.nomad.hcl'), 'memry')).stderr).toContain('did you mean "memory"?')
    expect((await explain(file('a.nomad.hcl'), 'mounts.tpye')).stderr).toContain('did you mean "mounts.type"?')
  })
})
