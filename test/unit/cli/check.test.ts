import * as path from 'node:path'

import { commandLine, job, ours, put, workDir } from '../../fakes/commandLine'

const dir = workDir()
const file = (name: string): string => path.join(dir, name)

const MISTAKES = `job "shop" {
  group "web" {
    task "app" {
      driver = "containerd-driver"
      user   = "bad\\u0000user"
      env {
        LEVEL = "info"
      }
      config {
        image      = "redis:7"
        privilegd  = true
        privileged = true
        pids_limit = "many"
        cwd        = "a/b"
        mount {
          type   = "bind"
          source = "/etc"
          target = "relative"
        }
        force_pull  = true
        pull_policy = "never"
      }
    }
    task "none" {
      driver = "containerd-driver"
      config {
        command = "x"
      }
    }
  }
}
`

const LINES: ReadonlyArray<readonly [string, number]> = [
  ['allocation.user', 5], ['task.privilegd', 11], ['task.privileged', 12], ['task.pids_limit', 13], ['task.cwd', 14], ['task.mounts[0].target', 18],
  ['task.force_pull', 20], ['task.image: is required', 24]
]

beforeAll(() => {
  put(dir, {
    'mistakes.nomad.hcl': MISTAKES,
    'plugin.hcl': '# operator\nplugin "containerd-driver" {\n  config {\n    containerd_runtime = "io.containerd.runc.v2"\n    allow_privileged   = false\n    stats_interval     = "often"\n  }\n}\n',
    'clean.nomad.hcl': job({ app: ours('image = "redis@sha256:' + 'a'.repeat(64) + '"', 'command = "x"') }),
    'noted.nomad.hcl': job({ app: ours('image = "redis:latest"', 'command = "x"') }),
    'broken.nomad.hcl': 'job "x" {\n  group "g" {\n    task "t" {\n      driver = \n'
  })
})

describe('check', () => {
  it('tells every mistake with the line that caused it, those of the operator with the line of his file', async () => {
    const { stdout, exitCode } = await commandLine('check', file('mistakes.nomad.hcl'), '--plugin', file('plugin.hcl'))
    expect(exitCode).toBe(1)
    for (const [at, line] of LINES) expect(stdout).toMatch(new RegExp(`^${file('mistakes.nomad.hcl')}:${line},\\d+: error: ${at.replaceAll(/[[\].]/g, '\\$&')}`, 'm'))
    expect(stdout).toMatch(new RegExp(`^${file('plugin.hcl')}:6,\\d+: error: plugin\\.stats_interval`, 'm'))
    expect(stdout.match(/plugin\.stats_interval/g)).toHaveLength(1)
  })

  it('points GitHub and code scanning at the same lines', async () => {
    const github = await commandLine('check', file('mistakes.nomad.hcl'), '--format', 'github')
    const sarif = await commandLine('check', file('mistakes.nomad.hcl'), '--format', 'sarif')
    const regions = JSON.parse(sarif.stdout).runs[0].results.map(({ message, locations }: { readonly message: { readonly text: string }; readonly locations: ReadonlyArray<{ readonly physicalLocation: { readonly region?: { readonly startLine: number } } }> }) => [message.text, locations[0]?.physicalLocation.region?.startLine])
    for (const [at, line] of LINES.filter(([name]) => name !== 'task.privileged')) {
      expect(github.stdout).toMatch(new RegExp(`^::error file=[^,]*,line=${line},col=\\d+,[^\\n]*${at.replaceAll(/[[\].]/g, '\\$&').replaceAll('%', '%25')}`, 'm'))
      expect(regions.some(([text, start]: readonly [string, number]) => text.includes(at) && start === line)).toBe(true)
    }
  })

  it('is clean with 0, and notices count only with --strict', async () => {
    expect(await commandLine('check', file('clean.nomad.hcl'))).toEqual({ stdout: '', stderr: '', exitCode: 0 })
    expect(await commandLine('check', file('noted.nomad.hcl'))).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('latest') })
    expect(await commandLine('check', file('noted.nomad.hcl'), '--strict')).toMatchObject({ exitCode: 1 })
  })

  it('notes what users of its own cannot do in a network of others', async () => {
    put(dir, { 'users.nomad.hcl': job({ app: ours('image = "redis@sha256:' + 'a'.repeat(64) + '"', 'userns = "0:100000:65536"', 'host_network = true') }) })
    expect(await commandLine('check', file('users.nomad.hcl'))).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/users\.nomad\.hcl:7,\d+: note: task\.userns: the network belongs/) })
  })

  it('is 2 with what cannot be read, and looks at the rest', async () => {
    const said = await commandLine('check', file('broken.nomad.hcl'), file('noted.nomad.hcl'), file('nothing'))
    expect(said.exitCode).toBe(2)
    expect(said.stderr).toMatch(/broken\.nomad\.hcl:4,\d+: .*\n +driver = *\n +\^\n/)
    expect(said.stderr).toContain(`${file('nothing')}: no such file`)
    expect(said.stdout).toContain('latest')
    const github = await commandLine('check', file('broken.nomad.hcl'), '--format', 'github')
    expect(github.stdout).toMatch(/^::error file=[^,]*broken\.nomad\.hcl,line=4,col=\d+,title=unreadable::/)
  })

  it('asks for no fact of a host', async () => {
    put(dir, { 'user.nomad.hcl': job({ app: '      user = "somebody"\n' + ours('image = "redis@sha256:' + 'a'.repeat(64) + '"', 'devices = ["/dev/none-such"]') }) })
    expect(await commandLine('check', file('user.nomad.hcl'))).toMatchObject({ exitCode: 0 })
  })

  it('cannot be told as a patch', async () => {
    expect(await commandLine('check', file('clean.nomad.hcl'), '--format', 'json-patch')).toMatchObject({ exitCode: 2, stdout: '' })
  })
})

describe('what check tells', () => {
  const findings = async (...config: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
    put(dir, { 'one.nomad.hcl': job({ app: ours('image = "redis:7"', ...config) }) })
    return (await commandLine('check', file('one.nomad.hcl'))).stdout.split('\n').filter((line) => line.includes('error:')).map((line) => line.slice(file('one.nomad.hcl').length + 1))
  }

  it.each([
    ['volumes = ["../../x:/x"]', 'task.volumes[0] = "../../x": a relative source must stay inside the allocation'],
    ['memory_swap = "1m"', 'task.memory_swap = 1048576: is below the memory limit'],
    ['memory_swap = "-1"', undefined],
    ['cpuset_cpus = "0-63"', undefined],
    ['memory_swappiness = 10', undefined],
    ['group_add = ["video"]', undefined],
    ['devices = ["/dev/dri"]', undefined]
  ])('of %s is what is so on every host', async (config, told) => {
    expect(await findings(config)).toEqual(told === undefined ? [] : [expect.stringContaining(told)])
  })

  it.each([['"a:b:c"', 1], ['"nobody"', 0], ['"1000:1000"', 0]])('of the user %s is what no image could mend', async (user, count) => {
    put(dir, { 'user.nomad.hcl': job({ app: `user = ${user}\n${ours('image = "redis:7"')}` }) })
    const { stdout } = await commandLine('check', file('user.nomad.hcl'))
    expect(stdout.split('\n').filter((line) => line.includes('error:'))).toHaveLength(count)
  })

  it('stands in the order of lines, what has no line first', async () => {
    put(dir, { 'lines.nomad.hcl': MISTAKES.replace('task "none" {\n      driver = "containerd-driver"', 'task "none" {\n      driver = "exec"') })
    const { stdout } = await commandLine('check', file('lines.nomad.hcl'))
    const lines = stdout.split('\n').filter((line) => line !== '').map((line) => Number(/:(\d+),\d+: /.exec(line)?.[1] ?? 0))
    expect(lines.length).toBeGreaterThan(5)
    expect(lines).toEqual([...lines].sort((a, b) => a - b))
    expect(lines[0]).toBe(0)
  })

  it('of the network of a group is told once for all its tasks, at its block', async () => {
    const text = job({ a: ours('image = "redis:7"'), b: ours('image = "redis:7"') }).replace(/(group "[^"]+" \{)/, '$1\n    network {\n      port "http" {}\n    }')
    put(dir, { 'ports.nomad.hcl': text })
    const { stdout } = await commandLine('check', file('ports.nomad.hcl'))
    const notes = stdout.split('\n').filter((line) => line.includes('note: network: ports are allocated on the host'))
    expect(notes).toHaveLength(1)
    expect(notes[0]).toContain(`${file('ports.nomad.hcl')}:3,5: `)
  })

  it('means the word that was mistyped inside a block, two letters changed too', async () => {
    expect(await findings('mount {', 'tpye = "bind"', 'source = "local/a"', 'target = "/a"', '}')).toEqual([expect.stringContaining('task.mount[0].tpye: is no option here; did you mean "type"?')])
  })

  it('of a variable that no job declares names the one that was meant, and of one without a value its form', async () => {
    put(dir, { 'var.nomad.hcl': `variable "image_tag" {\n  default = "7"\n}\n${job({ app: ours('image = "redis:${var.image_tag}"') })}` })
    expect((await commandLine('check', '--var', 'image_tga=8', file('var.nomad.hcl'))).stderr).toBe(`${file('var.nomad.hcl')}: --var image_tga=…: the job declares no variable "image_tga"; did you mean "image_tag"?\n`)
    expect((await commandLine('check', '--var', 'colour=8', file('var.nomad.hcl'))).stderr).toContain('; it declares image_tag\n')
    expect(await commandLine('check', '--var', 'image_tag', file('var.nomad.hcl'))).toMatchObject({ exitCode: 2, stderr: '--var "image_tag": must be NAME=VALUE\n' })
  })

  it('of an object that is no job is what a job is', async () => {
    put(dir, { 'empty.json': '{}' })
    expect((await commandLine('check', file('empty.json'))).stderr).toBe(`${file('empty.json')}: job.ID: is not there: this is no Nomad job; a job in JSON is what \`nomad job run -output JOB\` prints, or the HTTP API gives\n`)
  })

  it('is told of every job below a directory', async () => {
    put(dir, { 'below/a.nomad.hcl': job({ app: ours('image = "redis:7"', 'cwd = "a"') }), 'below/deep/b.hcl': job({ app: ours('image = "redis:7"', 'cwd = "b"') }), 'below/vars.hcl': 'a = 1\n' })
    const { stdout, exitCode } = await commandLine('check', file('below'))
    expect(exitCode).toBe(1)
    expect(stdout.match(/error: task\.cwd/g)).toHaveLength(2)
  })
})
