import { mappingsOf } from '../domain/idMappings'
import { IdMapping } from '../domain/Oci'

/** Whose users a container has: the host's, because nothing is said or because it is, or those that ranges map. */
export type UserNamespace =
  | { readonly _tag: 'Unsaid' }
  | { readonly _tag: 'Host' }
  | { readonly _tag: 'Mapped'; readonly ranges: ReadonlyArray<IdMapping> }

/** Reads nothing, `host`, or ranges; undefined when it is none of these. */
export const userNamespace = (text: string): UserNamespace | undefined => {
  if (text === '') return { _tag: 'Unsaid' }
  if (text === 'host') return { _tag: 'Host' }
  const ranges = mappingsOf(text)
  return ranges === undefined ? undefined : { _tag: 'Mapped', ranges }
}

/** The ranges that are mapped; none where the users are the host's. */
export const rangesOf = (namespace: UserNamespace): ReadonlyArray<IdMapping> =>
  namespace._tag === 'Mapped' ? namespace.ranges : []
