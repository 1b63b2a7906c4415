import * as E from 'fp-ts/Either'

import { fromHcl } from '../decode/fromHcl'
import { isRecord } from '../domain/isRecord'
import { Field, fieldNamed, Fields } from '../field/Field'
import { issuesOf } from '../field/mistake'

/** The Field that an option is, by its name or another name of it. */
export const fieldOf = (fields: Fields, name: string): Field<unknown> | undefined => fieldNamed(fields, name)?.field

/** The Fields inside a Field. */
export const fieldsOf = (field: Field<unknown> | undefined): Fields =>
  field !== undefined && 'fields' in field.shape ? field.shape.fields : {}

/** Why our own decoder refuses a value of a job file; nothing when it takes it. */
export const refusalOf = (fields: Fields, name: string, value: unknown): string | undefined => {
  const field = fieldOf(fields, name)
  if (field === undefined) return 'is no option here'
  // Nomad's parser makes a list of one of a map in HCL.
  const parsed = field.shape._tag === 'TextMap' && isRecord(value) ? [value] : value
  const converted = fromHcl(fields, Object.fromEntries([[name, parsed]])) as Readonly<Record<string, unknown>>
  const outcome = field.codec.decode(converted[name])
  return E.isRight(outcome) ? undefined : issuesOf(outcome.left).map(({ reason }) => reason).slice(0, 1).join('')
}

/** What a job writes and dockerd takes as nothing said. */
export const isEmpty = (value: unknown): boolean =>
  value === '' || value === 0 || value === '0' || (Array.isArray(value) && value.length === 0)
