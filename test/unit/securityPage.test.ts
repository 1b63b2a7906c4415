import * as fs from 'node:fs'
import * as path from 'node:path'

const ROOT = path.join(__dirname, '../..')

const page = fs.readFileSync(path.join(ROOT, 'docs/security.md'), 'utf8')

/** The promises of the page: the file of the test that attacks each, and words of its name. */
const cited = [...page.matchAll(/^\|[^|]*\| `([a-zA-Z]+\.test\.ts)`: (.+) \|$/gm)].map(([, file = '', title = '']) => [file, title] as const)

it('docs/security.md cites a test for every promise', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| promise'))
  const attackers = rows.filter((row) => row.split('|').length === 5)
  expect(cited.length).toBe(rows.length - attackers.length)
  expect(cited.length).toBeGreaterThan(25)
})

it.each(cited)('docs/security.md: %s has the test it names: %s', (file, title) => {
  expect(fs.readFileSync(path.join(ROOT, 'test/attacks', file), 'utf8')).toContain(title)
})
