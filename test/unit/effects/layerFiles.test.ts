import * as zlib from 'node:zlib'

import { Header, pack } from 'tar-stream'

import { layerFiles, Said } from '../../../src/effects/registry/layerFiles'

type Entry = readonly [Partial<Header> & { readonly name: string }, string?]

const tarOf = async (entries: ReadonlyArray<Entry>): Promise<Buffer> => {
  const tar = pack()
  for (const [header, text] of entries) tar.entry({ mode: 0o644, ...header }, text ?? '')
  tar.finalize()
  const chunks: Array<Buffer> = []
  for await (const chunk of tar as unknown as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const WANTED = ['etc/passwd', 'etc/group']

const read = async (bytes: Buffer, size = 1000, wanted = WANTED): Promise<Readonly<Record<string, Said>>> =>
  Object.fromEntries(await layerFiles(inPieces(bytes, size), wanted))

const Text = (text: string): Said => ({ _tag: 'Text', text })
const Gone: Said = { _tag: 'Gone' }
const Directory: Said = { _tag: 'Directory' }
const Link = (to: string): Said => ({ _tag: 'Link', to })

const file = (name: string, text: string): Entry => [{ name }, text]

it.each<readonly [string, ReadonlyArray<Entry>, Readonly<Record<string, Said>>]>([
  ['nothing of paths that it does not touch', [file('srv/hosts', 'x'), [{ name: 'etcetera/', type: 'directory' }], file('srv/.wh.etc', '')], {}],
  ['the texts, however the names are written', [file('./etc/passwd', 'a'), file('/etc//group', 'b')], { 'etc/passwd': Text('a'), 'etc/group': Text('b') }],
  ['the last of two entries', [file('etc/passwd', 'a'), file('etc/passwd', 'b')], { 'etc/passwd': Text('b') }],
  ['an empty file is a text', [file('etc/group', '')], { 'etc/group': Text('') }],
  ['a whiteout of the file', [file('etc/.wh.passwd', '')], { 'etc/passwd': Gone }],
  ['a whiteout of its directory', [file('.wh.etc', '')], { 'etc/passwd': Gone, 'etc/group': Gone }],
  ['an opaque directory', [file('etc/.wh..wh..opq', '')], { 'etc/passwd': Gone, 'etc/group': Gone }],
  ['an opaque root', [file('.wh..wh..opq', '')], { 'etc/passwd': Gone, 'etc/group': Gone }],
  ['a whiteout hides lower layers only', [file('etc/passwd', 'a'), file('etc/.wh..wh..opq', ''), file('.wh.etc', '')], { 'etc/passwd': Text('a'), 'etc/group': Gone }],
  ['a whiteout of another name that begins alike', [file('etc/.wh.pass', ''), file('.wh.et', '')], {}],
  ['where a symbolic link leads', [[{ name: 'etc/passwd', type: 'symlink', linkname: '../usr/passwd' }]], { 'etc/passwd': Link('../usr/passwd') }],
  ['a link in the place of the directory hides what is below', [[{ name: 'etc', type: 'symlink', linkname: 'usr/etc' }]], { 'etc/passwd': Gone, 'etc/group': Gone }],
  ['a directory in the place of the file', [[{ name: 'etc/passwd/', type: 'directory' }]], { 'etc/passwd': Directory }],
  ['a pipe in the place of the file', [[{ name: 'etc/passwd', type: 'fifo' }]], { 'etc/passwd': { _tag: 'Unread', why: { kind: 'no file' } } }],
  ['a hard link is another name', [[{ name: 'etc/passwd', type: 'link', linkname: './usr/share/passwd' }]], { 'etc/passwd': { _tag: 'Same', as: 'usr/share/passwd' } }],
  ['a path that leads upwards is nothing', [file('etc/../../etc/passwd', 'x')], {}],
  ['the size of a text above 8 MiB', [file('etc/passwd', 'x'.repeat(8 * 1024 * 1024 + 1)), file('etc/group', 'y')], { 'etc/passwd': { _tag: 'Unread', why: { kind: 'too large', bytes: 8 * 1024 * 1024 + 1 } }, 'etc/group': Text('y') }]
])('says %s', async (_what, entries, expected) => {
  const tar = await tarOf(entries)
  expect(await read(tar)).toEqual(expected)
  expect(await read(zlib.gzipSync(tar), 7)).toEqual(expected)
})

it.each<readonly [string, ReadonlyArray<Entry>, Readonly<Record<string, Said>>]>([
  ['one with an entry of its own, and one that something lies in', [[{ name: './etc/', type: 'directory' }], file('usr/lib/x', 'x')], { etc: Directory, usr: Directory }],
  ['one in which something is hidden', [file('etc/.wh.x', '')], { etc: Directory }],
  ['one that is hidden', [file('.wh.etc', '')], { etc: Gone, 'etc/passwd': Gone }],
  ['a link in its place', [[{ name: 'etc', type: 'symlink', linkname: '/usr/etc' }]], { etc: Link('/usr/etc'), 'etc/passwd': Gone }],
  ['a link in its place, and then a directory', [[{ name: 'etc', type: 'symlink', linkname: 'x' }], [{ name: 'etc', type: 'directory' }], file('etc/passwd', 'a')], { etc: Directory, 'etc/passwd': Text('a') }],
  ['another of the same beginning', [file('etcetera/x', 'x'), file('us', 'x')], {}]
])('says of directories: %s', async (_what, entries, expected) => {
  expect(await read(await tarOf(entries), 1000, ['etc', 'usr', 'etc/passwd'])).toEqual(expected)
})

it('finds the names of long paths', async () => {
  const name = `${'long/'.repeat(60)}passwd`
  expect(await read(await tarOf([file(name, 'deep')]), 300, [name])).toEqual({ [name]: Text('deep') })
})

it('reads several gzip members as one layer', async () => {
  const tar = await tarOf([file('etc/passwd', 'a'), file('etc/group', 'b')])
  expect(await read(Buffer.concat([zlib.gzipSync(tar.subarray(0, 700)), zlib.gzipSync(tar.subarray(700))]))).toEqual({ 'etc/passwd': Text('a'), 'etc/group': Text('b') })
})

it.each([
  ['a tar that ends too early', async () => (await tarOf([file('etc/passwd', 'x'.repeat(5000))])).subarray(0, 2000), /end of data/],
  ['a gzip that ends too early', async () => zlib.gzipSync(await tarOf([file('etc/passwd', 'abc')])).subarray(0, 40), /end of file/],
  ['what is no tar', async () => Buffer.alloc(4096, 'no tar'), /tar/],
  ['zstd where Node has none', async () => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]), 'createZstdDecompress' in zlib ? /./ : /Node 22\.15 or later, or --no-accounts/]
])('refuses %s', async (_what, bytes, reason) => {
  await expect(read(await bytes())).rejects.toThrow(reason)
})

it('an empty layer says nothing', async () => {
  expect(await read(Buffer.alloc(1024))).toEqual({})
  expect(await read(Buffer.alloc(0))).toEqual({})
})

it('keeps no more of a large layer than the texts', async () => {
  const before = process.memoryUsage().rss
  const zeros = Buffer.alloc(1024 * 1024)
  const head = (await tarOf([[{ name: 'big', size: 0 }]])).subarray(0, 512)
  const pieces = 300
  // A header of its own for 300 MiB: size in octal, then the checksum.
  head.write(`${(pieces * zeros.length).toString(8).padStart(11, '0')}\0`, 124)
  head.fill(' ', 148, 156)
  head.write(`${head.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148)
  const tail = await tarOf([file('etc/passwd', 'at the end')])
  const large = async function* (): AsyncGenerator<Uint8Array> {
    yield head
    for (let piece = 0; piece < pieces; piece += 1) yield zeros
    yield tail
  }
  expect(Object.fromEntries(await layerFiles(large(), WANTED))).toEqual({ 'etc/passwd': Text('at the end') })
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024)
})
