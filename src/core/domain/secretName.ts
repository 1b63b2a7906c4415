/** What names of secrets have in them, as words: `DB_PASSWORD`, `api_key`. */
export const SECRET_NAME = /(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)(?:_|$)/i

/** Names of a path to a secret, or of an address where one is got: the secret itself is elsewhere. */
const PLACE_NAME = /_(?:FILE|PATH|DIR|URL|URI|ENDPOINT)$/i

/** An address that holds a login: `postgres://user:password@host/db`. */
const WITH_LOGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s@:]*:[^/?#\s@]+@/i

/**
 * Whether a variable looks like a secret: by its name, unless it names a file or an address; or by a login in its
 * value.
 */
export const looksSecret = (name: string, value: string): boolean =>
  WITH_LOGIN.test(value) || (SECRET_NAME.test(name) && !PLACE_NAME.test(name) && !isAddressAlone(value))

const isAddressAlone = (value: string): boolean => /^[a-z][a-z0-9+.-]*:\/\/[^\s@]+$/i.test(value)
