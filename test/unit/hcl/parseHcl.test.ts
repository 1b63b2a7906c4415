import { HclRequest, HclResult, parseHcl } from '../../../src/cli/hcl/parseHcl'
import { placeOf } from '../../../src/core/job/placeOf'
import { WASM } from '../../fakes/commandLine'

const one = async (source: string, rest: Partial<HclRequest> = {}): Promise<HclResult> =>
  (await parseHcl(WASM, [{ kind: 'job', name: 'x.nomad.hcl', source, ...rest }]))[0]!

const placesIn = async (source: string, task: string, rest: Partial<HclRequest> = {}): Promise<(at: string) => readonly [number, number] | undefined> => {
  const result = await one(source, rest)
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  const places = result.positions[task]
  if (places === undefined) throw new Error(`no places of ${task}, but of ${Object.keys(result.positions).join(', ')}`)
  return (at) => placeOf(places, at)
}

/** Line and column, from 1, of the first letter of a mark in a text. */
const of = (source: string, mark: string): readonly [number, number] => {
  const before = source.slice(0, source.indexOf(mark)).split('\n')
  return [before.length, Array.from(before.at(-1) ?? '').length + 1]
}

const JOB = `
variable "tag" { default = "7" }
job "shop" {
  group "web" {
    network { mode = "bridge" }
    task "app" {
      driver = "containerd-driver"
      user   = "www"
      env {
        /* ä 😀 */ LEVEL = "info"
        TOKEN = "x"
      }
      config {
        image = "redis:\${var.tag}"
        args  = ["a",
                 "b"]
        labels = { team = "one" }
        mount {
          type   = "bind"
          source = "/a"
          target = "/b"
        }
        mount {
          type   = "volume"
          volume_options { no_copy = true }
        }
        tmpfs_list = [{ target = "/t1" }, { target = "/t2" }]
      }
      resources { memory = 10 }
    }
  }
  group "other" {
    task "two" {
      driver = "docker"
      config { image = "busybox" }
    }
  }
}
`

describe('places of an HCL job', () => {
  it.each([
    ['task', 'task "app"'], ['task.image', 'image = "redis'], ['task.args[1]', '"b"]'], ['task.labels.team', 'team = '],
    ['task.mounts[0].target', 'target = "/b"'], ['task.mount[1].type', 'type   = "volume"'], ['task.mount[1].volume_options', 'volume_options'],
    ['task.mount[1].volume_options.no_copy', 'no_copy'], ['task.tmpfs_list[1].target', 'target = "/t2"'],
    ['allocation.env.LEVEL', 'LEVEL = '], ['allocation.env.TOKEN', 'TOKEN = '], ['allocation.user', 'user   = '],
    ['task.mounts[0].unknown', 'mount {'], ['allocation.resources', 'resources {'], ['task.nothing', 'task "app"']
  ])('%s is where it is written', async (at, mark) => {
    expect((await placesIn(JOB, 'web/app'))(at)).toEqual(of(JOB, mark))
  })

  it('are of every task, of those of other drivers too', async () => {
    expect((await placesIn(JOB, 'other/two'))('task.image')).toEqual(of(JOB, 'image = "busybox"'))
  })

  it('of a task right below the job are in a group of its name', async () => {
    const source = 'job "j" {\n  task "solo" {\n    driver = "x"\n    config { image = "a" }\n  }\n}\n'
    expect((await placesIn(source, 'solo/solo'))('task.image')).toEqual([4, 14])
  })

  it('survive carriage returns and a heredoc', async () => {
    const source = 'job "j" {\r\n group "g" {\r\n  task "t" {\r\n   driver = "x"\r\n   config {\r\n    text = <<EOT\r\n  line\r\nEOT\r\n    image = "a"\r\n   }\r\n  }\r\n }\r\n}\r\n'
    expect((await placesIn(source, 'g/t'))('task.image')).toEqual([9, 5])
  })

  it('of a plugin file, bare and in an agent file', async () => {
    const bare = 'allow_caps = ["chown", "kill"]\nvolumes {\n  enabled = false\n}\n'
    const agent = `plugin "other" {}\nplugin "containerd-driver" {\n  config {\n    volumes {\n      enabled = false\n    }\n  }\n}\n`
    const inBare = await placesIn(bare, 'plugin', { kind: 'plugin' })
    expect([inBare('plugin.allow_caps[1]'), inBare('plugin.volumes.enabled')]).toEqual([[1, 24], [3, 3]])
    expect((await placesIn(agent, 'plugin', { kind: 'plugin' }))('plugin.volumes.enabled')).toEqual([5, 7])
  })
})

describe('variables', () => {
  const source = 'variable "v" {}\nvariable "n" {\n  type = number\n  default = 1\n}\njob "j" {\n meta {\n v = var.v\n n = var.n\n }\n}\n'
  const meta = async (rest: Partial<HclRequest>): Promise<unknown> => {
    const result = await one(source, rest)
    return result.ok ? (result.value as { readonly Meta: unknown }).Meta : result.faults
  }

  it('come from the environment, from files, and from the command line, the later over the earlier', async () => {
    const envs = ['NOMAD_VAR_v=env']
    const varFiles = [{ name: 'a.hcl', source: 'v = "a"\nn = 2\n' }, { name: 'b.json', source: '{ "v": "b" }' }]
    expect(await meta({ envs })).toEqual({ v: 'env', n: '1' })
    expect(await meta({ envs, varFiles })).toEqual({ v: 'b', n: '2' })
    expect(await meta({ envs, varFiles, vars: ['v=a=b', 'n=3'] })).toEqual({ v: 'a=b', n: '3' })
  })

  it('that nobody gives are named', async () => {
    expect(JSON.stringify(await meta({}))).toMatch(/\\"v\\"|variable v|v is/i)
  })

  it('that are no variables of the job, and files that are broken, are told with their own place', async () => {
    expect(JSON.stringify(await meta({ vars: ['v=1', 'w=2'] }))).toContain('w')
    expect(await meta({ vars: ['v=1'], varFiles: [{ name: 'bad.hcl', source: 'n = 2\nv = = 3\n' }] })).toEqual(
      expect.arrayContaining([expect.objectContaining({ file: 'bad.hcl', line: 2 })])
    )
    expect(JSON.stringify(await meta({ vars: ['v=1', 'n=many'] }))).toMatch(/number/)
  })
})

describe('one bad job', () => {
  const good: HclRequest = { kind: 'job', name: 'good', source: 'job "j" {\n group "g" {\n  task "t" {\n driver = "x"\n }\n }\n }\n' }
  const bad: ReadonlyArray<readonly [string, string]> = [
    ['brackets in brackets', `job "j" {\n meta {\n a = ${'['.repeat(200_000)}${']'.repeat(200_000)}\n}\n}\n`],
    ['blocks in blocks', `${'a {'.repeat(100_000)}${'}'.repeat(100_000)}`],
    ['locals in a circle', 'locals {\n a = local.b\n b = local.a\n}\njob "j" {\n meta {\n a = local.a\n}\n}\n'],
    ['binary noise', Array.from({ length: 5000 }, (_, index) => String.fromCharCode((index * 7919) % 256)).join('')],
    ['NUL', 'job "j" {\u0000}'],
    ['an open block', 'job "j" {'],
    ['an unknown function', 'job "j" {\n meta {\n a = nothing()\n}\n}\n'],
    ['a file that cannot be read', 'job "j" {\n meta {\n a = file("/etc/passwd")\n}\n}\n'],
    ['a wrong argument', 'job "j" { groups = 1 }'],
    ['3 MiB', `job "j" {\n meta {\n a = "${'x'.repeat(3 * 1024 * 1024)}"\n}\n}\n`],
    ['a text made over and over', `locals {\n${Array.from({ length: 40 }, (_, index) => ` a${index + 1} = "\${local.a${index}}\${local.a${index}}"`).join('\n')}\n a0 = "xxxxxxxx"\n}\njob "j" {\n meta {\n a = local.a40\n}\n}\n`]
  ]

  it.each(bad)('with %s fails alone, with words and no trace', async (_what, source) => {
    const results = await parseHcl(WASM, [good, { kind: 'job', name: 'bad', source }, { ...good, name: 'last' }])
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true])
    const told = JSON.stringify(results[1])
    expect(told).not.toMatch(/goroutine|panic|\.go:\d|at [A-Za-z]+ \(|wasm-function/)
    expect(told.length).toBeLessThan(3000)
  }, 60_000)

  it('says what can be done where a function would read a file', async () => {
    const result = await one('job "j" {\n meta {\n a = file("x")\n}\n}\n')
    expect(JSON.stringify(result)).toMatch(/file/)
    expect(JSON.stringify(result)).toMatch(/-var|nomad job run -output/)
  })
})
