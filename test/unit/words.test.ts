import * as fs from 'node:fs'
import * as path from 'node:path'

const ROOT = path.join(__dirname, '../..')

const page = fs.readFileSync(path.join(ROOT, 'docs/words.md'), 'utf8')

const rows = [...page.matchAll(/^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$/gm)].filter(([, word]) => word !== 'word' && word !== '---')

it('the page of words has between twenty and forty', () => {
  expect(rows.length).toBeGreaterThanOrEqual(20)
  expect(rows.length).toBeLessThanOrEqual(40)
})

it.each(rows.map(([, word = '', where = '']) => [word, where] as const))('%s is where the page says: %s', (_word, where) => {
  const files = [...where.matchAll(/`([^`]+)`/g)].map(([, file = '']) => path.join(ROOT, file.startsWith('test/') ? file : `src/${file}`))
  const pages = [...where.matchAll(/\]\(([^)]+)\)/g)].map(([, file = '']) => path.join(ROOT, 'docs', file))
  expect([...files, ...pages].filter((file) => !fs.existsSync(file))).toEqual([])
})
