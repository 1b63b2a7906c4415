/** An element of a document. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: ReadonlyArray<Element>
  /** All text in it, its children's too. */
  readonly text: string
}

const CHARACTERS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u
const PROLOG = /^(?:<\?xml version="1\.0" encoding="UTF-8"\?>\n|<!DOCTYPE html>\n)/
const TOKEN = /<(\/?)([a-zA-Z][a-zA-Z0-9-]*)((?: [a-zA-Z-]+="[^"<]*")*)(\/?)>|([^<]+)/y
const ENTITY = /&#(\d+);|&(.{0,6})/g

const decoded = (text: string): string => text.replace(ENTITY, (_all, digits: string | undefined, rest: string) => {
  if (digits === undefined) throw new Error(`a bare & before ${rest}`)
  return String.fromCodePoint(Number(digits))
})

/** Reads the part of XML that the formats write, strictly: throws on what is not well-formed. */
export const parseXml = (document: string): Element => {
  if (!CHARACTERS.test(document)) throw new Error('a character that XML 1.0 forbids')
  const open: Array<{ name: string; attributes: Record<string, string>; children: Array<Element>; text: string }> =
    [{ name: '', attributes: {}, children: [], text: '' }]
  const source = document.replace(PROLOG, '')
  if (source === document) throw new Error('no prolog')
  const close = (): void => {
    const done = open.pop()!
    const parent = open.at(-1)
    if (parent === undefined) throw new Error('a tag too many is closed')
    parent.children.push(done)
    parent.text += done.text
  }
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex
    const found = TOKEN.exec(source)
    if (found === null) throw new Error(`no XML: ${source.slice(at, at + 60)}`)
    const [, slash, name, given, empty, text] = found
    if (text !== undefined) open.at(-1)!.text += decoded(text)
    else if (slash === '/') {
      if (open.at(-1)?.name !== name || given !== '' || empty !== '') throw new Error(`</${name}> closes ${open.at(-1)?.name}`)
      close()
    } else {
      open.push({ name: name!, attributes: attributesOf(given ?? ''), children: [], text: '' })
      if (empty === '/') close()
    }
  }
  const [root, ...others] = open[0]!.children
  if (open.length !== 1 || root === undefined || others.length > 0 || open[0]!.text !== root.text + '\n') throw new Error('not one element')
  return root
}

const attributesOf = (text: string): Record<string, string> => {
  const all = [...text.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, decoded(value!)] as const)
  if (new Set(all.map(([name]) => name)).size !== all.length) throw new Error(`twice the same attribute:${text}`)
  return Object.fromEntries(all)
}

/** Every element of a name, in document order. */
export const elements = (root: Element, name: string): ReadonlyArray<Element> =>
  [...(root.name === name ? [root] : []), ...root.children.flatMap((child) => elements(child, name))]
