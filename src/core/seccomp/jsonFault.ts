/** What may stand next in a JSON text. */
type Expected = 'value' | 'firstItem' | 'name' | 'firstName' | 'colon' | 'next'

interface Token {
  readonly text: string
  readonly start: number
}

interface State {
  readonly expected: Expected
  readonly open?: Open
  readonly fault?: Token
}

/** The brackets that are not closed yet, the innermost first. */
interface Open {
  readonly bracket: '{' | '['
  readonly below?: Open
}

/** Where a text stops being JSON and what was expected there: `: line 3, column 7 has …`. Engines differ in what they say of it. */
export const jsonFault = (source: string): string | undefined => {
  const { fault, expected } = Array.from(source.matchAll(TOKENS), tokenOf).reduce<State>(step, { expected: 'value' })
  if (fault === undefined) return undefined
  const before = source.slice(0, fault.start)
  const column = fault.start - (before.lastIndexOf('\n') + 1) + 1
  return `: line ${before.split('\n').length}, column ${column} has ${spoken(fault.text)} instead of ${WORDS[expected]}`
}

// White space (RFC 8259, section 2), then a string, a number, a word, a sign, the end, or what is none of these.
const TOKENS =
  /[ \t\n\r]*("[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]|$|[^])/gy

const tokenOf = (match: RegExpExecArray): Token => {
  const text = match[1] ?? ''
  return { text: text.length > 12 ? `${text.slice(0, 12)}…` : text, start: match.index + match[0].length - text.length }
}

const WORDS: Readonly<Record<Expected, string>> = {
  value: 'a value',
  firstItem: 'a value or "]"',
  name: 'a name in double quotes',
  firstName: 'a name in double quotes or "}"',
  colon: '":"',
  next: 'a comma or the end of what is open'
}

const spoken = (text: string): string =>
  text === '' ? 'the end of the text' : text === '"' ? 'a text that is not closed or not well escaped' : JSON.stringify(text)

const isText = (text: string): boolean => text.length > 1 && text.startsWith('"')

const isPlain = (text: string): boolean => isText(text) || /^(?:-?\d|true$|false$|null$)/.test(text)

const step = (state: State, token: Token): State => {
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
  return isPlain(token.text) ? { ...state, expected: 'next' } : { ...state, fault: token }
}

const opened = ({ open }: State, bracket: '{' | '[', expected: Expected): State => ({
  expected,
  open: open === undefined ? { bracket } : { bracket, below: open }
})

const closed = ({ open }: State): State => (open?.below === undefined ? { expected: 'next' } : { expected: 'next', open: open.below })

const named = (state: State, token: Token): State =>
  isText(token.text) ? { ...state, expected: 'colon' } : { ...state, fault: token }

const followed = (state: State, token: Token): State => {
  const { open } = state
  if (open === undefined) return token.text === '' ? state : { ...state, fault: token }
  if (token.text === ',') return { ...state, expected: open.bracket === '{' ? 'name' : 'value' }
  return token.text === (open.bracket === '{' ? '}' : ']') ? closed(state) : { ...state, fault: token }
}
