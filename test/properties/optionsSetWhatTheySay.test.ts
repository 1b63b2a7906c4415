import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import * as plugin from '../../src/core/decode/PluginConfig'
import { fields } from '../../src/core/decode/TaskConfig'
import { compact } from '../../src/core/domain/canonical'
import { Field } from '../../src/core/field/Field'
import { loginOf } from '../../src/core/resolve/loginOf'
import { pullPolicyOf } from '../../src/core/resolve/pullPolicyOf'
import { decode } from '../../src/core/resolve/Request'
import { fetchOf, translate } from '../../src/core/translate'
import { Case, cases } from '../../src/testing/facts'
import { Document, valid } from '../../src/testing/ofFields'
import { taskOverrides } from '../../src/testing/task'

/** Every leaf of a value by its path; a list is one leaf. */
const leaves = (value: unknown, path = ''): ReadonlyArray<readonly [string, string]> =>
  typeof value !== 'object' || value === null || Array.isArray(value) || 'reveal' in value
    ? [[path, compact(value)]]
    : Object.entries(value).flatMap(([key, item]) => leaves(item, path === '' ? key : `${path}.${key}`))

/** All that a task's options decide, by path. Undefined when it is refused. */
const outcomeOf = ({ documents, facts }: Case, options: Document): ReadonlyMap<string, string> | undefined => {
  const request = decode({ ...documents, task: { ...(documents.task as Document), ...options } })
  if (E.isLeft(request)) return undefined
  const images = { ...facts.images, [fetchOf(request.right).name]: Object.values(facts.images)[0] }
  const init = { [request.right.plugin.init_path]: { kind: 'file', realPath: '/init' } }
  const asked = Object.fromEntries(['/srv', '/data'].map((path) => [path, { kind: 'directory', realPath: path }]))
  const compiled = translate(request.right, { ...facts, images, paths: { ...facts.paths, ...init, ...asked } } as Case['facts'])
  return E.isLeft(compiled)
    ? undefined
    : new Map(leaves({ ...compiled.right, fetch: { ...fetchOf(request.right), policy: pullPolicyOf(request.right), auth: loginOf(request.right) } }))
}

const changed = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): ReadonlyArray<string> =>
  [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path))

/** What is looked at before the start follows from the mounts alone. */
const FROM_MOUNTS = 'inspection.'

const isNamed = (path: string, sets: ReadonlyArray<string>): boolean =>
  sets.some((set) => path === set || path.startsWith(`${set}.`)) || (path.startsWith(FROM_MOUNTS) && sets.includes('spec.mounts'))

const options: ReadonlyArray<readonly [string, Field<unknown>]> = Object.entries(fields)

describe('setting an option changes only what its documentation names', () => {
  it.each(options)('%s', (name, field) => {
    const { sets } = field.about
    const seen = { compiled: 0, changed: 0 }
    fc.assert(fc.property(cases, valid({ [name]: field }, { ...taskOverrides, ...(name === 'load' ? { load: fc.constant('local/image.tar') } : {}) }), (given, one) => {
      const before = outcomeOf(given, { [name]: field.absent._tag === 'Required' ? (given.documents.task as Document)[name] : null })
      const after = outcomeOf(given, one)
      if (before === undefined || after === undefined) return
      const paths = changed(before, after)
      seen.compiled += 1
      seen.changed += paths.length > 0 ? 1 : 0
      expect(paths.filter((path) => !isNamed(path, sets))).toEqual([])
    }), { numRuns: 200 })
    // A law that never met its case says nothing. These three have an effect beside others, or on the pull alone.
    expect(seen.compiled).toBeGreaterThan(0)
    if (!['ports', 'cpu_cfs_period', 'auth_soft_fail'].includes(name)) expect(seen.changed).toBeGreaterThan(0)
  })

  it('and every policy that a row names is an option of the plugin', () => {
    const blocks = Object.entries(plugin.fields).flatMap(([name, { shape }]) => ('fields' in shape ? Object.keys(shape.fields as object).map((inner) => `${name}.${inner}`) : []))
    const known = [...Object.keys(plugin.fields), ...blocks]
    for (const [name, { about }] of options) for (const policy of about.policy ?? []) expect(`${name}: ${known.includes(policy) ? '' : policy}`).toBe(`${name}: `)
  })

  it('and every part that a row names is one that the compiler writes', () => {
    const parts = ['container', 'spec', 'io', 'stop', 'mounts', 'network', 'seccomp', 'fetch']
    for (const [, { about }] of options) for (const set of about.sets) expect(parts).toContain(set.split('.')[0])
    for (const [name, { about }] of options) expect(`${name}: ${String(about.sets.length > 0 && about.example !== undefined)}`).toBe(`${name}: true`)
  })
})
