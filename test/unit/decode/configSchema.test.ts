import * as fs from 'node:fs'
import * as path from 'node:path'

import Ajv, { ValidateFunction } from 'ajv'

import { schemaCommand } from '../../../src/cli/schema/schema'
import { configSchema } from '../../../src/core/decode/configSchema'
import { schemaOf } from '../../../src/core/decode/schemaOf'
import { elsewhere } from '../../../src/core/decode/task/elsewhere'
import * as F from '../../../src/core/field/Field'
import * as K from '../../../src/core/field/Kind'

const ROOT = path.join(__dirname, '../../..')
const SPECS = path.join(ROOT, 'fixtures/specs')
const json = (file: string): unknown => JSON.parse(fs.readFileSync(file, 'utf8'))
const checkOf = (schema: object): ValidateFunction => new Ajv({ strict: true, allErrors: true }).compile(schema)

describe.each(['task', 'plugin'] as const)('the schema of the %s', (kind) => {
  const check = checkOf(configSchema(kind))

  it('is a schema that ajv takes in strict mode, and the committed file', () => {
    expect(new Ajv({ strict: true }).validateSchema(configSchema(kind))).toBe(true)
    expect(schemaCommand(kind)).toEqual({ stdout: fs.readFileSync(path.join(ROOT, `docs/schema/${kind}.schema.json`), 'utf8'), stderr: '', exitCode: 0 })
  })

  const accepted = fs.readdirSync(SPECS).filter((name) => !name.startsWith('refused-'))

  it('takes the document of every fixture that compiles', () => {
    expect(accepted.length).toBeGreaterThan(100)
    expect(accepted.flatMap((name) => (check(json(path.join(SPECS, name, `${kind}.json`))) ? [] : [[name, check.errors]]))).toEqual([])
  })
})

describe('what the schema of a task refuses', () => {
  const check = checkOf(configSchema('task'))
  const reasons = (options: object): ReadonlyArray<string> => {
    check({ image: 'redis', ...options })
    return (check.errors ?? []).map(({ instancePath, keyword }) => `${instancePath}|${keyword}`)
  }

  it('takes a plain task', () => { expect(reasons({ command: 'x', cap_drop: ['ALL'], mounts: [{ target: '/x' }], labels: [{ a: 'b' }] })).toEqual([]) })

  it.each<readonly [object, string]>([
    [{ image: null }, '/image|type'], [{ imag: 'x' }, '|additionalProperties'], [{ privileged: 'true' }, '/privileged|type'],
    [{ pids_limit: 1.5 }, '/pids_limit|type'], [{ pids_limit: -2 }, '/pids_limit|minimum'], [{ blkio_weight: 1001 }, '/blkio_weight|maximum'],
    [{ pid_mode: 'hos' }, '/pid_mode|enum'], [{ umask: '0888' }, '/umask|pattern'], [{ image_pull_timeout: '5' }, '/image_pull_timeout|pattern'],
    [{ image_pull_timeout: '0s' }, '/image_pull_timeout|pattern'], [{ shm_size: '64x' }, '/shm_size|pattern'], [{ shm_size: '-1' }, '/shm_size|pattern'],
    [{ command: 'a\u0000' }, '/command|pattern'], [{ args: 'x' }, '/args|type'], [{ args: [1] }, '/args/0|type'],
    [{ sysctl: { a: 1 } }, '/sysctl/a|type'], [{ mounts: [{ target: '/x', colour: 'red' }] }, '/mounts/0|additionalProperties'],
    [{ mounts: [{}] }, '/mounts/0|required'], [{ mounts: [], mount: [{ target: '/x' }], cwd: '/a', work_dir: '/b' }, '|not'],
    [{ auth: { username: 'bob' } }, '/auth|required']
  ])('%j', (options, reason) => { expect(reasons(options)).toContain(reason) })

  it('takes no limit of swap as a size of its own, and one name of an option at a time', () => {
    expect(reasons({ memory_swap: '-1', mounts: [], mount: [{ target: '/x' }], cwd: '/a', work_dir: [], working_dir: null })).toEqual([])
  })

  it.each(Object.entries(elsewhere))('%s of another driver, and says what to write', (name, hint) => {
    expect(reasons({ [name]: 'x' })).toEqual(['/' + name + '|not'])
    expect(configSchema('task').patternProperties?.[`^${name}$`]?.description).toBe(`No option here: ${hint}.`)
  })
})

describe('what people read of an option', () => {
  const options = schemaOf({
    mode: F.withDefault(K.word(['a', 'b']), 'a', { text: 'Its mode.', sets: [], policy: ['modes'], since: 'Linux 6', example: 'mode = "b"' }),
    token: F.optional(K.hidden, 'A token.'),
    switch: F.byHardening<boolean>(K.flag, true, false, 'A switch.'),
    rest: F.byHardening<number | undefined>(K.whole(0, 9), undefined, 7, 'The rest.'),
    many: F.alias(F.required(K.texts, 'Many.'), 'several')
  })

  it('is its text, its policy, from where it works, and an example', () => {
    expect(options.properties?.['mode']).toEqual({
      type: ['string', 'null'], enum: ['a', 'b', null], default: 'a',
      description: 'Its mode.\nGoverned by `modes` of the plugin.\nWorks from: Linux 6.\nExample (HCL): `mode = "b"`.'
    })
  })

  it('is that a secret is written and never shown', () => {
    expect(options.properties?.['token']?.writeOnly).toBe(true)
  })

  it('is its default with and without hardening', () => {
    expect(options.properties?.['switch']).toEqual({ type: ['boolean', 'null'], default: true, description: 'A switch.\nWith `hardened`: `false`.' })
    expect(options.properties?.['rest']).toEqual({ type: ['integer', 'null'], minimum: 0, maximum: 9, description: 'The rest.\nWith `hardened`: `7`.' })
    expect(options.properties?.['several']?.description).toBe('Another name of `many`.\nMany.')
  })

  it('is required under any of its names', () => {
    const check = checkOf(options)
    expect([{}, { many: null }, { many: [] }, { many: ['x'], several: ['y'] }].map((one) => check(one))).toEqual([false, false, false, false])
    expect([{ many: ['x'] }, { several: ['x'] }, { many: [], several: ['x'] }].map((one) => check(one))).toEqual([true, true, true])
  })
})
