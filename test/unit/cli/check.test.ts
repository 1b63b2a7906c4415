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

  it('notes what this version does not run yet', async () => {
    put(dir, { 'later.nomad.hcl': job({ app: ours('image = "redis@sha256:' + 'a'.repeat(64) + '"', 'dns_servers = ["10.0.0.1"]') }) })
    expect(await commandLine('check', file('later.nomad.hcl'))).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/later\.nomad\.hcl:7,\d+: note: task\.dns_servers/) })
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
