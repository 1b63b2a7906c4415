import * as t from 'io-ts'

import { isRecord } from '../domain/isRecord'
import { keyPath } from '../domain/keyPath'
import { nearest } from '../field/nearest'

/** What is wrong with a CDI file. `at` is file and place: `/etc/cdi/nvidia.json devices[0].name`. */
export interface Mistake {
  readonly at: string
  readonly reason: string
  readonly hint?: string
}

/** An error of a codec as a mistake of the file; a leaf brings its own reason. */
export const mistakeOf = ({ context, value, message }: t.ValidationError, file: string): Mistake => {
  const place = keyPath(context.map(({ key }) => key))
  return {
    at: place === '' ? file : `${file} ${place}`,
    reason: message ?? shapeWanted(value, context.at(-1)?.type.name ?? '')
  }
}

const shapeWanted = (value: unknown, codec: string): string => {
  if (value === undefined || value === null) return 'is required'
  return /^(?:Readonly|Unknown)Array/.test(codec) ? 'must be a list' : 'must be an object'
}

/** The fields of a value that a codec does not know; `under` is the place of the value, with its dot. */
export const unknownFields = (
  value: unknown,
  codec: { readonly props: t.Props },
  file: string,
  under: string
): ReadonlyArray<Mistake> => {
  const known = Object.keys(codec.props)
  return Object.keys(isRecord(value) ? value : {})
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = nearest(key, known)
      const hint = meant === undefined ? {} : { hint: `did you mean "${meant}"?` }
      return { at: `${file} ${under}${clipped(key)}`, reason: 'is no field that this version knows', ...hint }
    })
}

const clipped = (key: string): string => (key.length > 64 ? `${key.slice(0, 64)}…` : key)
