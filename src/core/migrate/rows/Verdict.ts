import { Option } from './Edit'

/**
 * What becomes of an option of the docker driver. `Converted` has the same meaning in other words (none when `with` is
 * empty), `Differs` is kept or written as nearly as can be, `Missing` is taken out. `beside` keeps the option and adds
 * to it.
 */
export type Verdict =
  | { readonly _tag: 'Equal' }
  | { readonly _tag: 'Renamed'; readonly to: string }
  | { readonly _tag: 'Converted'; readonly how: string; readonly with: ReadonlyArray<Option>; readonly beside: boolean }
  | { readonly _tag: 'Differs'; readonly how: string; readonly with?: ReadonlyArray<Option> }
  | { readonly _tag: 'Missing'; readonly why: string }

export type Tag = Verdict['_tag']

export const EQUAL: Verdict = { _tag: 'Equal' }

export const Renamed = (to: string): Verdict => ({ _tag: 'Renamed', to })

export const Converted = (how: string, options: ReadonlyArray<Option>): Verdict => ({
  _tag: 'Converted',
  how,
  with: options,
  beside: false
})

/** The option stays, and others beside it keep its meaning. */
export const Beside = (how: string, options: ReadonlyArray<Option>): Verdict => ({
  _tag: 'Converted',
  how,
  with: options,
  beside: true
})

/** Left out, and nothing changes. */
export const Needless = (how: string): Verdict => Converted(how, [])

export const Differs = (how: string): Verdict => ({ _tag: 'Differs', how })

/** Written as nearly as can be. */
export const Nearly = (how: string, options: ReadonlyArray<Option>): Verdict => ({
  _tag: 'Differs',
  how,
  with: options
})

export const Missing = (why: string): Verdict => ({ _tag: 'Missing', why })
