import { clean } from '../../src/core/domain/path'
import { image, options, readers } from '../laws/growing'
import { notLinear } from '../laws/linear'

jest.setTimeout(600_000)

describe('ten times the size never costs much more than ten times the time', () => {
  it('for every text, list and map of a job and of what Nomad says of it', () => {
    expect(options.length).toBeGreaterThan(2000)
    expect(notLinear(options)).toEqual([])
  })

  it('for what an image says: config and accounts', () => {
    expect(notLinear(image)).toEqual([])
  })

  it('for whatever reads a text, at sizes that no ceiling lets through', () => {
    expect(notLinear(readers)).toEqual([])
  })
})

describe('the law itself', () => {
  // The way in which paths were cleaned before: each part copies all that stand before it.
  const quadratic = (path: string): string =>
    path.split('/').reduce<ReadonlyArray<string>>((made, part) => (part === '..' ? made.slice(0, -1) : [...made, part]), []).join('/')

  const growing = (act: (path: string) => unknown) => [{ name: 'planted', most: 20_000, of: (size: number) => { const path = '/a'.repeat(size / 2); return () => act(path) } }]

  it('catches a quadratic function, and takes a linear one', () => {
    expect(notLinear(growing(quadratic)).map(({ name }) => name)).toEqual(['planted'])
    expect(notLinear(growing(clean))).toEqual([])
  })

  it('catches a regular expression that is tried again at every letter', () => {
    const trailing = (text: string): boolean => /\s+$/.test(text)
    expect(notLinear([{ name: 'planted', most: 10_000, of: (size) => { const text = `${' '.repeat(size)}x`; return () => trailing(text) } }]).length).toBe(1)
  })
})
