import * as t from 'io-ts'

/**
 * The size in bytes above which an image's /etc/passwd or /etc/group is not read (CVE-2026-47262); directories of large
 * sites have 2.4 MB.
 */
export const MAX_ACCOUNTS = 8 * 1024 * 1024

/**
 * Why something of an image has no text, although the image has it: its size, that it is no regular file, or links that
 * end nowhere.
 */
export type Unread =
  | { readonly kind: 'too large'; readonly bytes: number }
  | { readonly kind: 'no file' }
  | { readonly kind: 'too many links' }

/** The files of accounts that have no text, each with the reason. */
export interface UnreadAccounts {
  readonly passwd?: Unread
  readonly group?: Unread
}

const one: t.Type<Unread, unknown> = t.union([
  t.type({ kind: t.literal('too large'), bytes: t.number }),
  t.type({ kind: t.literal('no file') }),
  t.type({ kind: t.literal('too many links') })
])

/** As a facts file and a lock file have them. */
export const codec: t.Type<UnreadAccounts, unknown> = t.exact(t.partial({ passwd: one, group: one }))

const MOST_READ = `${String(MAX_ACCOUNTS)}, which is the most that is read`

/** The reason as a sentence about a file of the image. */
export const told = (path: string, unread: Unread): string => {
  switch (unread.kind) {
    case 'too large':
      return `${path} of the image is ${String(unread.bytes)} bytes, larger than ${MOST_READ}`
    case 'no file':
      return `${path} of the image is no regular file`
    case 'too many links':
      return `${path} of the image leads over more links than Linux follows`
  }
}
