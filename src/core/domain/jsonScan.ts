import { itemAt, memberAt } from './keyPath'

/** What may stand next in a JSON text. */
export type Expected = 'value' | 'firstItem' | 'name' | 'firstName' | 'colon' | 'next'

/**
 * A piece of a JSON text and its offset in UTF-16 units; the end is an empty piece, and what is no piece of JSON is one
 * Wrong letter.
 */
export interface Token {
  readonly _tag: 'Sign' | 'Text' | 'Plain' | 'Wrong'
  readonly text: string
  readonly start: number
}

/**
 * What is known before a token: what may stand there, what is open, and the first token that may not stand where it is.
 */
export interface State {
  readonly expected: Expected
  readonly open?: Open
  readonly fault?: Token
}

/** A bracket that is not closed yet: its place in the document, and the last member or item of it. */
export interface Open {
  readonly bracket: '{' | '['
  readonly path: string
  readonly name: string
  readonly index: number
  readonly below?: Open
}

export const START: State = { expected: 'value' }

// White space (RFC 8259, section 2), then a string, a number or word, a sign or the end, or what is none of these with
// all after it.
const TOKENS =
  /[ \t\n\r]*(?:("[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([{}[\],:]|$)|([^])[^]*)/gy

/** The tokens of a text; the last one is the end, or wrong. */
export const tokensOf = (source: string): ReadonlyArray<Token> => Array.from(source.matchAll(TOKENS), tokenOf)

const tokenOf = ({ index, 0: whole, 1: quoted, 2: plain, 3: sign }: RegExpExecArray): Token => {
  const text = quoted ?? plain ?? sign
  if (text === undefined) return wrong(whole, index)
  const unquoted = plain === undefined ? 'Sign' : 'Plain'
  return { _tag: quoted === undefined ? unquoted : 'Text', text, start: index + whole.length - text.length }
}

const wrong = (rest: string, index: number): Token => {
  const start = rest.search(/[^ \t\n\r]/)
  return { _tag: 'Wrong', text: String.fromCodePoint(rest.codePointAt(start) ?? 0), start: index + start }
}

/** Whether a value starts with this token. */
export const isValue = ({ _tag, text }: Token): boolean =>
  _tag === 'Plain' || _tag === 'Text' || text === '{' || text === '['

/** The state after one more token. */
export const step = (state: State, token: Token): State => {
  if (state.fault !== undefined) return state
  const { text } = token
  switch (state.expected) {
    case 'value':
      return valued(state, token)
    case 'firstItem':
      return text === ']' ? closed(state) : valued(state, token)
    case 'firstName':
      return text === '}' ? closed(state) : named(state, token)
    case 'name':
      return named(state, token)
    case 'colon':
      return text === ':' ? { ...state, expected: 'value' } : { ...state, fault: token }
    case 'next':
      return followed(state, token)
  }
}

const valued = (state: State, token: Token): State => {
  if (token.text === '{') return opened(state, '{', 'firstName')
  if (token.text === '[') return opened(state, '[', 'firstItem')
  return isValue(token) ? { ...state, expected: 'next' } : { ...state, fault: token }
}

const opened = ({ open }: State, bracket: '{' | '[', expected: Expected): State => ({
  expected,
  open: {
    bracket,
    path: open === undefined ? '' : childPath(open),
    name: '',
    index: 0,
    ...(open === undefined ? {} : { below: open })
  }
})

const closed = ({ open }: State): State =>
  open?.below === undefined ? { expected: 'next' } : { expected: 'next', open: open.below }

const named = (state: State, token: Token): State =>
  token._tag === 'Text'
    ? { expected: 'colon', ...(state.open === undefined ? {} : { open: { ...state.open, name: nameOf(token) } }) }
    : { ...state, fault: token }

const followed = (state: State, token: Token): State => {
  const { open } = state
  if (open === undefined) return token.text === '' ? state : { ...state, fault: token }
  if (token.text === ',')
    return { expected: open.bracket === '{' ? 'name' : 'value', open: { ...open, index: open.index + 1 } }
  return token.text === (open.bracket === '{' ? '}' : ']') ? closed(state) : { ...state, fault: token }
}

/** The name that a text in double quotes stands for. */
export const nameOf = ({ text }: Token): string => JSON.parse(text) as string

// What lies deeper than this has no path of its own: paths of a text would be longer than the text.
const LONGEST = 512
export const TOO_DEEP = '\u0000'

/** The path of the member or item that an open bracket is at, `a.b[0].c`; TOO_DEEP far down. */
export const childPath = ({ bracket, path, name, index }: Open): string => {
  if (path.length > LONGEST || path === TOO_DEEP) return TOO_DEEP
  return bracket === '[' ? itemAt(path, index) : memberAt(path, name)
}
