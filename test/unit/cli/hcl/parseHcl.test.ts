import path from 'node:path'

import { type HclResult, parseHcl } from '../../../../src/cli/hcl/parseHcl'
import { inTask } from '../../../../src/core/domain/DocumentPath'
import type { Fault } from '../../../../src/core/domain/Fault'
import { placeOf } from '../../../../src/core/job/placeOf'
import type { Positions } from '../../../../src/core/job/Positions'

const WASM = path.join(__dirname, '../../../../dist/jobspec.wasm')

const read = async (source: string, kind: 'job' | 'plugin' = 'job'): Promise<HclResult> =>
  (await parseHcl(WASM, [{ kind, name: 'a.hcl', source }]))[0]!

const faultsOf = async (source: string): Promise<ReadonlyArray<Fault>> => {
  const result = await read(source)
  return result.ok ? [] : result.faults
}

const positionsOf = async (source: string, kind: 'job' | 'plugin' = 'job'): Promise<Positions> => {
  const result = await read(source, kind)
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.positions
}

const JOB = `variable "tag" {
  default = "7"
}
locals { image = "redis:\${var.tag}" }
job "example" {
  group "web" {
    network {
      mode = "bridge"
      port "http" { to = 80 }
    }
    dynamic "task" {
      for_each = ["a", "b"]
      labels = ["made-\${task.value}"]
      content {
        driver = "x"
        config { image = "x" }
      }
    }
    task "app" {
      driver = "containerd-driver"
      user = "\${node.class}"
      env {
        A = "\${attr.kernel.name}"
        B = <<EOT
          [[[ {{ ((
        EOT
      }
      config {
        image = local.image
        args = ["a", "\${node.unique.name}"]
        mounts = [{ target = "/x" }, { target : "/z", "type" = "bind" }]
        labels { a = "b" }
        mount {
          target = "/a"
          volume_options {
            labels { x = "y" }
          }
        }
        mount { target = "/b" }
      }
      resources { memory = 100 }
      volume_mount { volume = "v" }
    }
  }
  dynamic "group" {
    for_each = ["q"]
    labels = [group.value]
    content {
      task "inner" { driver = "x" }
    }
  }
  task "solo" {
    driver = "x"
    env = { "A.b" = "x" }
    dynamic "config" {
      for_each = [1]
      content { image = "y" }
    }
  }
}
`

describe('where the parts of an HCL job are written', () => {
  let positions: Positions = {}

  beforeAll(async () => { positions = await positionsOf(JOB) })

  it('is told of every task, also of those that dynamic blocks make and those without a group', () => {
    expect(Object.keys(positions).toSorted()).toEqual(['q/inner', 'solo/solo', 'web/app', 'web/made-a', 'web/made-b'])
  })

  it('is told of each attribute and block, at any depth', () => {
    expect(positions['web/app']).toEqual({
      'network[0]': [7, 5], 'network[0].mode': [8, 7], 'network[0].port[0]': [9, 7], 'network[0].port[0].http': [9, 12], 'network[0].port[0].http[0].to': [9, 21],
      task: [19, 5], driver: [20, 7], 'allocation.user': [21, 7], 'allocation.env': [22, 7], 'allocation.env.A': [23, 9], 'allocation.env.B': [24, 9],
      'task.image': [29, 9], 'task.args': [30, 9], 'task.args[0]': [30, 17], 'task.args[1]': [30, 22],
      'task.mounts': [31, 9], 'task.mounts[0]': [31, 19], 'task.mounts[0].target': [31, 21],
      'task.mounts[1]': [31, 38], 'task.mounts[1].target': [31, 40], 'task.mounts[1].type': [31, 55],
      'task.labels[0]': [32, 9], 'task.labels[0].a': [32, 18],
      'task.mount[0]': [33, 9], 'task.mount[0].target': [34, 11], 'task.mount[0].volume_options[0]': [35, 11],
      'task.mount[0].volume_options[0].labels[0]': [36, 13], 'task.mount[0].volume_options[0].labels[0].x': [36, 22],
      'task.mount[1]': [39, 9], 'task.mount[1].target': [39, 17],
      resources: [41, 7], 'resources.memory': [41, 19], 'volume_mount[0]': [42, 7], 'volume_mount[0].volume': [42, 22]
    })
  })

  it('is the dynamic block for all that it makes', () => {
    expect(['web/made-a', 'web/made-b', 'q/inner'].map((task) => placeOf(positions[task]!, inTask('image')))).toEqual([[11, 5], [11, 5], [45, 3]])
    expect(positions['solo/solo']).toEqual({
      task: [52, 3], driver: [53, 5], 'allocation.env': [54, 5], 'allocation.env.A.b': [54, 13], 'task.image': [55, 5]
    })
  })

  it('leaves what only a client knows as it is written', async () => {
    const app = { Name: 'app', User: '${node.class}', Env: { A: '${attr.kernel.name}' }, Config: { args: ['a', '${node.unique.name}'], image: 'redis:7' } }
    const tasks = [{ Name: 'made-a' }, { Name: 'made-b' }, app]
    expect(await read(JOB)).toMatchObject({ ok: true, value: { TaskGroups: [{ Name: 'solo' }, { Name: 'web', Tasks: tasks }, { Name: 'q' }] } })
  })
})

describe('where the options of the plugin are written', () => {
  const CONFIG = 'containerd_runtime = "x"\nallow_runtimes = [\n  "a",\n  "b"]\nvolumes {\n  enabled = true\n}\n'
  const bare = { 'plugin.containerd_runtime': [1, 1], 'plugin.allow_runtimes': [2, 1], 'plugin.allow_runtimes[0]': [3, 3],
    'plugin.allow_runtimes[1]': [4, 3], 'plugin.volumes': [5, 1], 'plugin.volumes.enabled': [6, 3] }

  it('is told of a bare config', async () => { expect(await positionsOf(CONFIG, 'plugin')).toEqual({ plugin: bare }) })

  it('is told of our block in an agent\'s file, and of no other', async () => {
    const agent = `plugin "docker" {\n  config { volumes { enabled = false } }\n}\nplugin "containerd-driver" {\n  config {\n${CONFIG}\n}\n}\n`
    const moved = Object.fromEntries(Object.entries(bare).map(([at, [line, column]]) => [at, [line! + 5, column]]))
    expect(await positionsOf(agent, 'plugin')).toEqual({ plugin: { plugin: [5, 3], ...moved } })
  })

  it('is told of a mistake, too', async () => {
    expect(await read('a = 1\nb = = 2\n', 'plugin')).toMatchObject({ ok: false, faults: [{ file: 'a.hcl', line: 2, column: 5 }] })
  })
})

describe('the mistakes in a job', () => {
  it('are told one by one, in the order of the file', async () => {
    const faults = await faultsOf('job "a" {\n  group "g" {\n    task "t" {\n      drivr = "x"\n      config {}\n      bogus {}\n    }\n  }\n}\n')
    expect(faults).toEqual([
      { file: 'a.hcl', line: 4, column: 7, message: expect.stringMatching(/^Unsupported argument; .*"drivr".*"driver"/) },
      { file: 'a.hcl', line: 6, column: 7, message: expect.stringMatching(/^Unsupported block type; .*"bogus"/) }
    ])
  })

  it.each([
    ['job "a" {\n  x = local.y\n}\nlocals {\n  z = 1\n  b = local.c\n  c = "${local.b}"\n}\n', 6, 3, 'these locals need each other: b -> c -> b'],
    ['job "a" {\n  name = file("/etc/passwd")\n}\n', 2, 10, 'a job from standard input may read no file; name the job'],
    ['job "a" {\n  group "g" {\n', 2, 13, 'Unclosed configuration block'],
    ['x = 1\n', 1, 1, 'An argument named "x" is not expected here'],
    ['job "a" {}\njob "b" {}\n', 2, 1, 'Only one block of type "job" is allowed'],
    ['variable "q" {}\njob "a" {}\n', 1, 1, 'Unset variable "q"']
  ])('%j has one place', async (source, line, column, words) => {
    expect(await read(source)).toEqual({ ok: false, faults: [{ file: 'a.hcl', line, column, message: expect.stringContaining(words) }] })
  })

  it('are told without a place where there is none', async () => {
    expect(await read('')).toEqual({ ok: false, faults: [{ file: 'a.hcl', message: 'Missing job block; A job block is required' }] })
  })

  it('are cut after twenty', async () => {
    const faults = await faultsOf(`job "a" {\n${Array.from({ length: 50 }, (_, index) => `  a${index} = 1\n`).join('')}}\n`)
    expect([faults.length, faults[0]?.line, faults[19]?.line, faults[20]?.message]).toEqual([21, 2, 21, 'and more mistakes after these'])
  })
})
