/** A value that must not be shown: printing, logging and JSON all give `(redacted)`. */
export interface Secret {
  readonly reveal: () => string
  readonly toString: () => string
  readonly toJSON: () => string
}

export const REDACTED = '(redacted)'

const redacted = (): string => REDACTED

export const Secret = (value: string): Secret => ({ reveal: () => value, toString: redacted, toJSON: redacted })
