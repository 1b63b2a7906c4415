import { HclRequest, HclResult, parseHcl } from '../../../../src/cli/hcl/parseHcl'
import { readPath } from '../../../../src/core/domain/DocumentPath'
import { placeOf } from '../../../../src/core/job/placeOf'
import { WASM } from '../../../fakes/commandLine'

const one = async (source: string, rest: Partial<HclRequest> = {}): Promise<HclResult> =>
  (await parseHcl(WASM, [{ kind: 'job', name: 'x.nomad.hcl', source, ...rest }]))[0]!

const placesIn = async (source: string, task: string, rest: Partial<HclRequest> = {}): Promise<(at: string) => readonly [number, number] | undefined> => {
  const result = await one(source, rest)
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  const places = result.positions[task]
  if (places === undefined) throw new Error(`no places of ${task}, but of ${Object.keys(result.positions).join(', ')}`)
  return (at) => placeOf(places, readPath(at))
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
