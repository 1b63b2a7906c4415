import * as path from 'node:path'

import * as fc from 'fast-check'

import { HclRequest, parseHcl } from '../../src/cli/hcl/parseHcl'
import { fromHcl } from '../../src/core/decode/fromHcl'
import { codec, fields } from '../../src/core/decode/TaskConfig'
import { pretty } from '../../src/core/domain/canonical'
import { isRecord } from '../../src/core/domain/isRecord'
import * as Job from '../../src/core/job/Job'
import { editJson } from '../../src/core/migrate/editJson'
import { itemsOfJson } from '../../src/core/migrate/itemsOfJson'
import { migrateJob } from '../../src/core/migrate/migrateJob'
import * as outline from '../../src/core/migrate/outline'
import { rightOf } from '../../src/testing/facts'
import { dockerConfig } from '../arbitraries/docker'

const WASM = path.join(__dirname, '../../dist/jobspec.wasm')

type Config = Readonly<Record<string, unknown>>

/** One layout of a config: which of its blocks are attributes, and whether an object fills one line. */
interface Layout {
  readonly asAttribute: ReadonlyArray<string>
  readonly isFlat: boolean
}

const literal = (value: unknown, isFlat: boolean): string =>
  JSON.stringify(value, null, isFlat ? undefined : 2)
    .replaceAll(/[$%]\{/g, (mark) => `${mark.charAt(0)}${mark}`).replaceAll('\\b', '\\u0008').replaceAll('\\f', '\\u000c')

/** Blocks whose names are words; the others are maps of free names. */
const BLOCKS = ['auth', 'logging', 'healthchecks', 'mount', 'mounts', 'devices', 'bind_options', 'tmpfs_options', 'volume_options', 'driver_config']

const written = (config: Config, layout: Layout): string =>
  Object.entries(config).map(([name, value]) => {
    const records = isRecord(value) ? [value] : Array.isArray(value) && value.length > 0 && value.every(isRecord) ? value : []
    return records.length === 0 || !BLOCKS.includes(name) || layout.asAttribute.includes(name)
      ? `${name} = ${literal(value, layout.isFlat)} # ${name}`
      : records.map((one) => `${name} {\n${written(one, layout)}\n}`).join('\n')
  }).join('\n')

const source = (config: Config, layout: Layout): string =>
  `job "j" {\ngroup "g" {\nnetwork {\nmode = "bridge"\n}\ntask "t" {\ndriver = "docker"\nconfig {\n${written(config, layout)}\n}\n}\n}\n}\n`

/** Texts as HCL reads them: composed letters, no backslash that JSON and HCL read in two ways, and no half of an escape before a `{`. */
const composed = (value: unknown): unknown => {
  if (typeof value === 'string') return value.normalize('NFC').replaceAll('\\', '/').replaceAll(/[$%]+([$%]\{)/g, '$1')
  if (Array.isArray(value)) return value.map(composed)
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [composed(key), composed(one)])) : value
}

/** A nameless volume is left out where it is a block of its own, and told of where it is one of a list: here every one has a name. */
const named = (config: Config): Config => {
  const mounts = (value: unknown): unknown => (Array.isArray(value) ? value.map((one: Config) => ({ ...one, source: one['source'] === undefined || one['source'] === '' ? 'v' : one['source'] })) : value)
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, name.startsWith('mount') ? mounts(value) : value]))
}

/** What a config decodes to, as a text that shows the password. */
const meaning = (config: Config): string => {
  const [auth] = [config['auth']].flat() as ReadonlyArray<Config | undefined>
  return pretty(JSON.parse(JSON.stringify([codec.decode(fromHcl(fields, config)), auth?.['password']])))
}

const layout: fc.Arbitrary<Layout> = fc.record({ asAttribute: fc.subarray(BLOCKS), isFlat: fc.boolean() })

const SAMPLES = 150

const ask = async (requests: ReadonlyArray<HclRequest>): Promise<ReadonlyArray<unknown>> =>
  (await parseHcl(WASM, requests)).map((result, index) => {
    if (!result.ok) throw new Error(`${JSON.stringify(result.faults)}\n${requests[index]!.source}`)
    return result.value
  })

const configOf = (job: unknown): Config => Job.placesOf(rightOf(Job.decode(job)))[0]!.task.Config ?? {}

it('a job in HCL and the same job in JSON migrate to the same task, in any layout', async () => {
  const cases = fc.sample(fc.tuple(dockerConfig.map((one) => named(composed(one) as Config)), layout), SAMPLES)
    .map(([config, look]) => ({ config, text: source(config, look) }))
  const read = await ask(cases.flatMap(({ text }) => [{ kind: 'job', name: 'j', source: text }, { kind: 'outline', name: 'j', source: text }] as const))
  const migrations = cases.map((_one, index) => migrateJob(outline.decode(read[2 * index + 1]), rightOf(Job.decode(read[2 * index]))))
  const sources = await ask(cases.map(({ text }, index) => ({ kind: 'rewrite', name: 'j', source: text, edits: migrations[index]!.edits })))
  const again = await ask(sources.map((text) => ({ kind: 'job', name: 'j', source: String(text) })))
  for (const [index, { config }] of cases.entries()) {
    const made = configOf(again[index])
    const job = { ID: 'j', TaskGroups: [{ Name: 'g', Networks: [{ Mode: 'bridge' }], Tasks: [{ Name: 't', Driver: 'docker', Config: config }] }] }
    const { edits } = migrateJob([{ group: 'g', task: 't', driver: { _tag: 'Literal', value: 'docker' }, items: itemsOfJson(config, '0') }], job)
    expect({ text: sources[index], outcome: codec.decode(fromHcl(fields, made))._tag }).toEqual({ text: sources[index], outcome: 'Right' })
    expect(meaning(made)).toBe(meaning(editJson(config, edits, '0')))
  }
})
