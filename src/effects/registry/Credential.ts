import { Secret } from '../../core/domain/Secret'

/** What proves to a place who asks: a password, a token that others are given for, or one that is shown as it is. */
export type Credential =
  | { readonly _tag: 'Password'; readonly username: string; readonly password: Secret }
  | { readonly _tag: 'Identity'; readonly username: string; readonly token: Secret }
  | { readonly _tag: 'Bearer'; readonly username: string; readonly token: Secret }

/** What an Authorization header says of a password. */
export const basic = (username: string, password: Secret): string =>
  `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`
