import * as fs from 'node:fs'
import * as path from 'node:path'

const ROOT = path.join(__dirname, '../..')

const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8')

/** The tags that a section of docs/errors.md has a row for. */
const documented = (heading: string): ReadonlyArray<string> => {
  const section = read('docs/errors.md').split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| `([A-Za-z]+)`/gm)].map(([, tag = '']) => tag)
}

/** The members of a union of string literals in a source file. */
const declared = (file: string, type: string): ReadonlyArray<string> => {
  const [, union = ''] = new RegExp(`export type ${type} =([^/]*?)\\n\\n`).exec(read(file)) ?? []
  return [...union.matchAll(/'([A-Za-z]+)'/g)].map(([, tag = '']) => tag)
}

describe('docs/errors.md', () => {
  it.each([
    ['Issue', 'src/core/domain/Issue.ts', 'IssueTag'],
    ['Failure', 'src/core/domain/Failure.ts', 'FailureTag']
  ])('has a row for every tag of %s, and for no other', (heading, file, type) => {
    expect(declared(file, type).length).toBeGreaterThan(5)
    expect([...documented(heading)].sort()).toEqual([...declared(file, type)].sort())
  })
})

describe('README.md', () => {
  it('names the two commands', () => {
    expect(read('README.md')).toContain('npm start')
    expect(read('README.md')).toContain('npm test')
  })
})
