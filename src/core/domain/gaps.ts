import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'

/** What fills the gaps of a template, by their names. A word may have parts, with spaces between them. */
export type Words = Readonly<Record<string, string>>

// `${name}`, `${name|otherwise}`, `${name*|otherwise}`; `$${` is `${` itself.
const MARK = /\$\$\{|\$\{(\w+)(\*?)(\|[^}]*)?\}/g

/** A gap that has to be filled. */
export const gap = (name: string): string => `\${${name}}`

/** A gap for what need not be there: these words stand for it then, and without any its line is left out. */
export const gapOr = (name: string, otherwise: ReadonlyArray<string>): string => `\${${name}|${marked(otherwise)}}`

/** A line with such a gap is a line for each part of the word. */
export const gapEach = (name: string, otherwise: ReadonlyArray<string>): string => `\${${name}*|${marked(otherwise)}}`

const marked = (words: ReadonlyArray<string>): string =>
  words.map((word) => word.replace(/[%$}]/g, encodeURIComponent)).join(' ')

/** A text that holds no gap, whatever it says. */
export const literal = (text: string): string => text.replaceAll('${', () => '$${')

/** A template with its gaps filled. Left names the first gap that nobody fills. */
export const filled = (template: string, words: Words): E.Either<string, string> =>
  pipe(
    template.split('\n'),
    RA.map((line) => linesOf(line, words)),
    E.sequenceArray,
    E.map((lines) => lines.flat().join('\n'))
  )

const linesOf = (line: string, words: Words): E.Either<string, ReadonlyArray<string>> => {
  const gaps = [...line.matchAll(MARK)].filter(([, name]) => name !== undefined)
  const missing = gaps.find(([, name = '', , otherwise]) => otherwise === undefined && words[name] === undefined)
  if (missing !== undefined) return E.left(missing[1] ?? '')
  const optional = gaps.find(([, , , otherwise]) => otherwise !== undefined)
  const whole = (word: string): string => line.replace(MARK, (_mark, name?: string, _each?: string, other?: string) => {
    if (name === undefined) return '${'
    return other === undefined ? (words[name] ?? '') : word
  })
  if (optional === undefined) return E.right([whole('')])
  const [, name = '', each, other = ''] = optional
  const given = words[name] ?? ''
  const word = given === '' ? decoded(other.slice(1)) : given
  if (word === '') return E.right([])
  return E.right((each === '*' ? word.split(' ') : [word]).map(whole))
}

const decoded = (text: string): string => text.replace(/%(?:25|24|7D)/g, decodeURIComponent)

/** Whether a text is what a template comes to, whatever fills its gaps. */
export const fits = (template: string, text: string): boolean =>
  new RegExp(`^${template.split('\n').map(patternOf).join('')}$`).test(`${text}\n`)

const patternOf = (line: string): string => {
  const pattern = line.split(/(\$\$\{|\$\{\w+\*?(?:\|[^}]*)?\})/).map(partOf).join('')
  if (/\$\{\w+\*\|/.test(line)) return `(?:${pattern}\\n)*`
  return /\$\{\w+\|/.test(line) ? `(?:${pattern}\\n)?` : `${pattern}\\n`
}

const partOf = (part: string): string => {
  if (part === '$${') return '\\$\\{'
  return part.startsWith('${') ? '[^\\n]*' : part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
