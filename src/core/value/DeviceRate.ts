import * as E from 'fp-ts/Either'

import { clean, isAbsolute } from '../domain/path'
import * as scalar from '../field/scalar'

/** What the number of a device counts. */
export type Unit = 'weight' | 'bytes' | 'times'

/** A block device, and a number for it. */
export interface DeviceRate {
  readonly path: string
  readonly amount: number
}

/** Reads `path:amount`, the path clean; undefined when it is no such pair. */
export const parse = (text: string, unit: Unit): DeviceRate | undefined => {
  const colon = text.lastIndexOf(':')
  const path = text.slice(0, Math.max(0, colon))
  const amount = amountOf(text.slice(colon + 1), unit)
  return isAbsolute(path) && amount !== undefined ? { path: clean(path), amount } : undefined
}

const amountOf = (text: string, unit: Unit): number | undefined => {
  if (unit === 'bytes') {
    const size = scalar.sizeBytes(text)
    return E.isRight(size) ? size.right : undefined
  }
  const number = /^\d{1,10}$/.test(text) ? Number(text) : 0
  const fits = unit === 'weight' ? number >= 10 && number <= 1000 : number > 0
  return fits ? number : undefined
}
