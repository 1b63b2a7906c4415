import { isRecord } from '../../../src/core/domain/isRecord'
import { Breaches } from '../spec'
import { Law, MAX_ID,named, relative, unless } from './law'
import { notEnv } from './process'

// Go's decoder refuses what is above the type, and JavaScript rounds what is above 2^53: an unlimited 2^64-1 is neither.
export const numbersIn = (value: unknown, at: string): Breaches => {
  if (typeof value === 'number') return unless(Number.isSafeInteger(value), `${at} ${String(value)}`)
  return isRecord(value) || Array.isArray(value) ? Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, `${at}.${key}`)) : []
}

export const numbersAreExact: Law = (spec) => numbersIn(spec, 'spec')

export const textsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === 'string') return [value]
  return isRecord(value) || Array.isArray(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]) : []
}

export const noTextHasNul: Law = (spec) => textsIn(spec).filter((text) => text.includes('\0')).map((text) => JSON.stringify(text))

export const versionIsSemantic: Law = ({ ociVersion }) => unless(/^1\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(ociVersion), ociVersion)

export const annotationsHaveKeys: Law = ({ annotations }) => Object.keys(annotations ?? {}).filter((key) => key === '').map(() => 'an empty key')

export const hooksCanRun: Law = ({ hooks }) =>
  Object.values(hooks ?? {}).flat().flatMap((hook) => [
    ...relative([hook.path]),
    ...named(`timeout of ${hook.path}`, hook.timeout, 1, MAX_ID),
    ...notEnv(hook.env ?? [])
  ])
