import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { buildSync } from 'esbuild'

import * as library from '../../src/lib/index'
import * as testing from '../../src/testing/index'

const ROOT = path.join(__dirname, '../..')
const PAGE = fs.readFileSync(path.join(ROOT, 'docs/library.md'), 'utf8')

/** What an example of the page prints. */
const printed = (example: string): string => {
  const { outputFiles: [file] } = buildSync({
    absWorkingDir: ROOT, stdin: { contents: example, resolveDir: ROOT }, bundle: true, write: false, platform: 'node', format: 'cjs', mainFields: ['module', 'main'],
    alias: { 'containerd-driver': './src/lib/index.ts', 'containerd-driver/testing': './src/testing/index.ts' }
  })
  return execFileSync('node', ['-'], { input: file!.text, encoding: 'utf8' })
}

const examples = [...PAGE.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, text]) => text ?? '')

/** The names in the first column of the table below a heading. */
const namesBelow = (heading: string): ReadonlyArray<string> => {
  const section = PAGE.split(/^## /m).find((one) => one.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) => [...(cell ?? '').matchAll(/`(\w+)/g)].map(([, name]) => name ?? ''))
}

describe('docs/library.md', () => {
  it('names every function and every arbitrary, and no other', () => {
    expect([...namesBelow('Functions')].sort()).toEqual(Object.keys(library).sort())
    expect([...namesBelow('Random values')].sort()).toEqual(Object.keys(testing).sort())
  })

  it('has examples that print what it says', () => {
    expect(examples.map(printed)).toEqual([
      expect.stringMatching(/^\[\]\n/),
      'tightens /spec/root/readonly\n',
      ''
    ])
  })
})
