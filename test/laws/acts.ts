import { ACTS } from '../../src/core/plan/acts'
import { Act, Do } from '../../src/core/plan/Step'

/** Values of one act's fields, by their names. */
export type Other<Tag extends Do['_tag']> = Partial<Omit<Act<Tag>, '_tag'>>

/**
 * Every act that says one thing else than this one. `others` are the values that a field is changed to where any other of its kind would
 * not do; a field that the table of acts gets is changed too, so that none is said for nothing.
 */
export const changesOf = <Tag extends Do['_tag']>(
  act: Act<Tag>, others: Other<Tag> = {}
): ReadonlyArray<readonly [string, Act<Tag>]> =>
  Object.keys(ACTS[act._tag].fields).map((name) => {
    const wanted: Readonly<Record<string, unknown>> = { ...others }
    const given = (act as Readonly<Record<string, unknown>>)[name]
    return [name, { ...act, [name]: name in wanted ? wanted[name] : changed(given) }]
  })

const changed = (value: unknown): unknown => {
  if (typeof value === 'string') return `${value}-other`
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (Array.isArray(value)) return [...(value as ReadonlyArray<unknown>), '/other']
  return { ...(value as object), other: '/other' }
}
