import * as path from 'node:path'

import * as E from 'fp-ts/Either'

import { HclResult, parseHcl } from '../../src/cli/hcl/parseHcl'
import { fromHcl } from '../../src/core/decode/fromHcl'
import * as PluginConfig from '../../src/core/decode/PluginConfig'
import * as TaskConfig from '../../src/core/decode/TaskConfig'
import { Fields } from '../../src/core/field/Field'
import * as explain from '../../src/core/report/explain'
import { decode } from '../../src/core/resolve/Request'

// Without the parser nothing here is known: `npm run build` makes it, and the error says so.
const WASM = path.join(__dirname, '../../dist/jobspec.wasm')

type Document = Readonly<Record<string, unknown>>

/** What every task, operator and allocation has. An operator with this policy lets every example be. */
const TASK: Document = { image: 'redis:7' }
const PLUGIN: Document = { containerd_runtime: 'io.containerd.runc.v2', allow_runtimes: ['*'], seccomp: true }
const ALLOCATION: Document = { id: 'i', name: 't', allocDir: '/var/lib/nomad/alloc/a', resources: { ports: [{ label: 'http', value: 8080 }] } }

const inJob = (config: string): string => `job "j" {\n group "g" {\n task "t" {\n driver = "containerd-driver"\n config {\n${config}\n}\n}\n}\n}\n`
const inAgent = (config: string): string => `plugin "containerd-driver" {\n config {\n${config}\n}\n}\n`

const examples = (fields: Fields): ReadonlyArray<readonly [string, string]> =>
  Object.entries(fields).map(([name, { about }]) => [name, about.example ?? ''])

const tasks = examples(TaskConfig.fields)
const plugins = examples(PluginConfig.fields)

const parsed = new Map<string, HclResult>()

beforeAll(async () => {
  const requests = [
    ...tasks.map(([name, text]) => ({ kind: 'job' as const, name: `task.${name}`, source: inJob(text) })),
    ...plugins.map(([name, text]) => ({ kind: 'plugin' as const, name: `plugin.${name}`, source: inAgent(text) }))
  ]
  const results = await parseHcl(WASM, requests)
  results.forEach((result, index) => parsed.set(requests[index]!.name, result))
})

/** What the parser made of an example, or its own words. */
const valueOf = (name: string): unknown => {
  const result = parsed.get(name)
  if (result?.ok !== true) throw new Error(`is no HCL: ${JSON.stringify(result?.faults)}`)
  return result.value
}

/** What stands at the end of a path of keys and indices. */
const at = (value: unknown, ...keys: ReadonlyArray<string | number>): Document =>
  keys.reduce<unknown>((inner, key) => (inner as Readonly<Record<string | number, unknown>>)[key], value) as Document

/** Every reason to refuse a task and an operator's config. */
const refusals = (task: unknown, plugin: unknown): string => {
  const outcome = decode({ task: { ...TASK, ...task as Document }, plugin: { ...PLUGIN, ...plugin as Document }, allocation: ALLOCATION })
  return E.isLeft(outcome) ? explain.issues(outcome.left) : ''
}

describe('the example of a task option is what a job may write', () => {
  it.each(tasks)('%s', (name, text) => {
    expect(text.split(/[ {=]/)[0]).toBe(name)
    const config = at(valueOf(`task.${name}`), 'TaskGroups', 0, 'Tasks', 0, 'Config')
    expect(Object.keys(config)).toEqual([name])
    expect(refusals(fromHcl(TaskConfig.fields, config), {})).toBe('')
  })
})

describe('the example of a plugin option is what an operator may write', () => {
  it.each(plugins)('%s', (name, text) => {
    expect(text.split(/[ {=]/)[0]).toBe(name)
    const config = at(valueOf(`plugin.${name}`), 'plugin', 0, 'containerd-driver', 0, 'config', 0)
    expect(Object.keys(config)).toEqual([name])
    expect(refusals({}, fromHcl(PluginConfig.fields, config))).toBe('')
  })
})
