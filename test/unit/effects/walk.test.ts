import { Entry, walk } from '../../../src/effects/rootfs/walk'

const looking = (tree: Readonly<Record<string, Entry | string>>) => (path: string): Promise<Entry> => {
  const found = tree[path]
  return Promise.resolve(typeof found === 'string' ? { kind: 'link', to: found } : found ?? { kind: 'absent' })
}

const directory: Entry = { kind: 'directory' }
const file: Entry = { kind: 'file' }

it.each<readonly [string, string, Readonly<Record<string, Entry | string>>, string, string, boolean]>([
  ['a file', '/etc/passwd', { '/etc': directory, '/etc/passwd': file }, 'file', '/etc/passwd', false],
  ['a relative link', '/etc/passwd', { '/etc': directory, '/etc/passwd': '../lib/p', '/lib': directory, '/lib/p': file }, 'file', '/lib/p', false],
  ['an absolute link', '/var/run/x', { '/var': directory, '/var/run': '/run', '/run': directory, '/run/x': directory }, 'directory', '/run/x', false],
  ['one step too many', '/a', { '/a': '../b', '/b': file }, 'file', '/b', true],
  ['a step too many in an absolute link', '/dev', { '/dev': '/../../x' }, 'absent', '/x', true],
  ['steps up that fit', '/a/b/c', { '/a': directory, '/a/b': '../d/..', '/d': directory, '/c': file }, 'file', '/c', false],
  ['below nothing', '/a/b/c', {}, 'absent', '/a/b/c', false],
  ['below nothing and up again', '/l', { '/l': 'none/../dev', '/dev': directory }, 'directory', '/dev', false],
  ['below a file', '/a/b', { '/a': file }, 'absent', '/a/b', false],
  ['the root', '/', {}, 'directory', '/', false],
  ['a link to the root', '/a', { '/a': '.' }, 'directory', '/', false],
  ['a link to itself', '/a', { '/a': 'a' }, 'loop', '/', false]
])('%s', async (_what, path, tree, kind, realPath, isAbove) => {
  expect(await walk(looking(tree), path)).toMatchObject({ kind, realPath, isAbove })
})

it('forty links are followed and no more', async () => {
  const chain = (links: number): Readonly<Record<string, Entry | string>> =>
    Object.fromEntries([...Array.from({ length: links }, (_one, index) => [`/${String(index)}`, String(index + 1)] as const), [`/${String(links)}`, file]])
  expect((await walk(looking(chain(40)), '/0')).kind).toBe('file')
  expect((await walk(looking(chain(41)), '/0')).kind).toBe('loop')
})

it('links of four thousand bytes in a deep tree end soon', async () => {
  let looks = 0
  const deep = 'a/'.repeat(2000)
  const look = (path: string): Promise<Entry> => {
    looks += 1
    return Promise.resolve(path.endsWith('l') ? { kind: 'link', to: `${deep}../`.repeat(1) + '../'.repeat(1900) + 'l' } : directory)
  }
  expect((await walk(look, '/l')).kind).toBe('loop')
  expect(looks).toBeLessThan(1026)
})
