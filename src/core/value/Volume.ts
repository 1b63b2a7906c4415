/** A bind in short: `source:target[:options]`. */
export interface Volume {
  readonly source: string
  readonly target: string
  readonly options: ReadonlyArray<string>
}

/** Reads `source:target[:options]`; undefined when it has other than two or three parts, or an empty one. */
export const parse = (text: string): Volume | undefined => {
  const [source = '', target = '', options = '', ...rest] = text.split(':')
  const isWhole = source !== '' && target !== '' && rest.length === 0
  return isWhole ? { source, target, options: wordsIn(options) } : undefined
}

/** The options of a mount, with commas between them. */
export const wordsIn = (text: string): ReadonlyArray<string> => text.split(',').filter((option) => option !== '')
