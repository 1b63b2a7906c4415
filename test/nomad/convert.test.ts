import { execFileSync } from 'node:child_process'
import * as path from 'node:path'

import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { fromHcl } from '../../src/core/decode/fromHcl'
import { hclSpecOf } from '../../src/core/decode/HclSpec'
import { HclSpec } from '../../src/core/decode/HclSpec'
import * as TaskConfig from '../../src/core/decode/TaskConfig'
import { expandText } from '../../src/core/job/interpolate'
import { NOMAD } from './harness/agent'

/** Nomad's own conversion of a config block: hclspec, HCL's dialect in, what StartTask would receive out. */
const nomadSends = (configs: ReadonlyArray<unknown>, vars: Readonly<Record<string, string>> = {}): ReadonlyArray<{ readonly ok: boolean; readonly value?: unknown; readonly error?: string }> => {
  const spec = toProtoJson(hclSpecOf(TaskConfig.fields))
  const input = JSON.stringify(configs.map((config) => ({ spec, config, vars })))
  return JSON.parse(execFileSync(path.join(path.dirname(NOMAD), 'convert'), { input, maxBuffer: 64 * 1024 * 1024, encoding: 'utf8' })) as ReturnType<typeof nomadSends>
}

const toProtoJson = (spec: HclSpec): unknown => {
  switch (spec._tag) {
    case 'Attr':
      return { Attr: { name: spec.name, type: spec.type, required: spec.required } }
    case 'Block':
      return { blockValue: { name: spec.name, required: spec.required, nested: toProtoJson(spec.nested) } }
    case 'BlockList':
      return { blockList: { name: spec.name, nested: toProtoJson(spec.nested) } }
    case 'Object':
      return { object: { attributes: Object.fromEntries(Object.entries(spec.attributes).map(([name, inner]) => [name, toProtoJson(inner)])) } }
    case 'Default':
      return { default: { primary: toProtoJson(spec.primary), default: { literal: { value: spec.literal } } } }
  }
}

// ---- configs in HCL's dialect: a block is a list, a number may be a string, a string may be a number ----

const word = fc.stringMatching(/^[a-z][a-z0-9./-]{0,12}$/)
const text = fc.oneof(word, fc.integer({ min: 0, max: 99_999 }), fc.boolean())
const flag = fc.oneof(fc.boolean(), fc.constantFrom('true', 'false'))
const texts = fc.array(text, { maxLength: 3 })
const whole = fc.oneof(fc.integer({ min: 1, max: 4096 }), fc.integer({ min: 1, max: 4096 }).map(String))
const map = fc.dictionary(word, text, { minKeys: 1, maxKeys: 3 })

const place = word.map((one) => `/${one}`)
const mountBlocks = fc.array(fc.record({
  target: place, type: fc.constantFrom('bind', 'tmpfs', 'volume'), source: word, options: fc.constantFrom(['ro'], [] as Array<string>), readonly: flag,
  bind_options: fc.constant([{ propagation: 'rslave' }]), tmpfs_options: fc.constantFrom([{ size: 1_000_000, mode: '511' }], [{ size: '64m' }])
}, { requiredKeys: ['target'] }), { maxLength: 3 })

/** A block under one of its two names. */
const mounted = fc.tuple(fc.constantFrom('mount', 'mounts'), mountBlocks).map(([name, blocks]) => ({ [name]: blocks }))

const config = fc.tuple(mounted, fc.record(
  {
    image: fc.constantFrom('busybox:1', 'docker.io/library/redis:7'),
    image_pull_timeout: fc.constantFrom('5m', '30s'),
    command: text, args: texts, entrypoint: texts, cwd: fc.constant('/srv'), hostname: fc.constant('web'),
    privileged: flag, host_dns: flag, seccomp: flag, readonly_rootfs: flag, host_network: flag,
    pids_limit: whole, shm_size: fc.constant('64m'), sysctl: fc.array(map, { minLength: 1, maxLength: 2 }),
    cap_add: fc.constant(['CAP_CHOWN']), auth: fc.constant([{ username: 'u', password: 'p' }]),
    work_dir: fc.constant('/srv'), init: flag, tty: flag, umask: fc.constantFrom('027', 22), group_add: texts, ulimit: fc.array(fc.constant({ nofile: '1:2' }), { minLength: 1, maxLength: 2 }),
    oom_score_adj: whole, volumes: fc.constant(['local/a:/b']), tmpfs: fc.constant(['/t:size=1m']), labels: fc.array(map, { minLength: 1, maxLength: 1 }),
    devices: fc.constantFrom<unknown>(['/dev/fuse'], [{ host_path: '/dev/fuse', cgroup_permissions: 'r' }], ['/dev/fuse', { host_path: '/dev/loop0' }]),
    memory_swap: fc.constantFrom('1g', -1), memory_reservation: fc.constantFrom('64m', 1024), cpu_hard_limit: flag, userns_mode: fc.constant('host'),
    masked_paths: fc.constantFrom<Array<string>>([], ['/proc/kcore']), dns_servers: fc.constant(['10.0.0.1'])
  },
  { requiredKeys: ['image'] }
)).map(([blocks, options]): Readonly<Record<string, unknown>> => {
  // Two names of one option are refused, here and there alike.
  const { cwd: _cwd, ...rest } = options
  return { ...blocks, ...('work_dir' in options ? rest : options) }
})

const decoded = (document: unknown): unknown => {
  const outcome = TaskConfig.codec.decode(document)
  return E.isRight(outcome) ? { ...outcome.right, auth: outcome.right.auth === undefined ? undefined : 'given' } : { refused: outcome.left.length }
}

it('reads a config block to the same options as the Nomad client sends the driver', () => {
  const configs = fc.sample(config, { numRuns: 500, seed: Number(process.env['FC_SEED'] ?? 42) })
  const sent = nomadSends(configs)
  expect(sent).toHaveLength(configs.length)
  configs.forEach((one, index) => {
    const answer = sent[index]
    if (answer?.ok !== true) throw new Error(`Nomad refuses ${JSON.stringify(one)}: ${answer?.error ?? ''}`)
    expect({ one, decoded: decoded(fromHcl(TaskConfig.fields, one)) }).toEqual({ one, decoded: decoded(answer.value) })
  })
})

it('refuses what the Nomad client refuses: an option that does not exist, a missing image, a second auth block', () => {
  const configs = [
    { image: 'busybox', comand: 'x' }, { command: 'x' }, { image: 'busybox', auth: [{ username: 'a', password: 'b' }, { username: 'c', password: 'd' }] },
    { image: 'busybox', privileged: 'maybe' }, { image: 'busybox', pids_limit: 'many' }
  ]
  expect(nomadSends(configs).map(({ ok }) => ok)).toEqual(configs.map(() => false))
  expect(configs.map((one) => E.isRight(TaskConfig.codec.decode(fromHcl(TaskConfig.fields, one))))).toEqual(configs.map(() => false))
})

it('expands references as the Nomad client does', () => {
  const vars = { NOMAD_TASK_NAME: 'web', NOMAD_META_color: 'red', GREETING: 'good day' }
  const args = ['${NOMAD_TASK_NAME}', 'a ${NOMAD_META_color} b ${GREETING}', '$${NOMAD_TASK_NAME}', '$NOMAD_TASK_NAME', '$$', '${env["GREETING"]}', '{}']
  const [sent] = nomadSends([{ image: 'busybox:1', args }], vars)
  expect(sent).toMatchObject({ ok: true, value: { args: args.map((one) => expandText(one, vars).value) } })
})
