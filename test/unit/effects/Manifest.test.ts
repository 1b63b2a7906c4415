import * as E from 'fp-ts/Either'

import { decode, diffIdsOf, offersFor } from '../../../src/core/image/Manifest'
import { Platform } from '../../../src/core/image/Platform'

const hex = (digits: number): string => 'a'.repeat(digits)
const blob = (more: object = {}): object => ({ mediaType: 'application/x', digest: `sha256:${hex(64)}`, size: 1, ...more })
const manifest = (config: object, ...layers: ReadonlyArray<unknown>): unknown => ({ config, layers })

it.each<readonly [string, unknown, string]>([
  ['a digest of another length', manifest(blob({ digest: 'sha256:abc' })), 'config.digest is "sha256:abc", which is not a digest: sha256:<64 hex digits>'],
  ['one in capitals', manifest(blob(), blob({ digest: `sha256:${hex(64).toUpperCase()}` })), `layers.0.digest is "sha256:${hex(64).toUpperCase()}", which is not a digest`],
  ['one with a path in it', manifest(blob(), blob(), blob({ digest: '../../../etc/passwd' })), 'layers.1.digest is "../../../etc/passwd", which is not a digest'],
  ['a line more', manifest(blob({ digest: `sha256:${hex(64)}\n` })), 'config.digest is'],
  ['no digest', manifest(blob({ digest: undefined })), 'config.digest is missing'],
  ['a size below zero', manifest(blob({ size: -1 })), 'config.size is -1, which is not a size in bytes'],
  ['a size in parts', manifest(blob({ size: 1.5 })), 'config.size is 1.5, which is not a size in bytes'],
  ['a size beyond all numbers', manifest(blob(), blob({ size: 2 ** 53 })), 'layers.0.size is 9007199254740992, which is not a size in bytes'],
  ['a size as text', manifest(blob({ size: '1' })), 'config.size is "1", which is not a size in bytes']
])('a manifest with %s is refused by the name of the field', (_what, document, reason) => {
  expect(decode(document)).toEqual(E.left(expect.stringContaining(`is no image manifest: ${reason}`) as string))
})

it('a manifest of another shape is none', () => {
  for (const document of [undefined, null, [], {}, { config: 1 }]) expect(decode(document)).toEqual(E.left('is no image manifest'))
})

it.each([['sha256', 64, true], ['sha384', 96, false], ['sha512', 128, false]])('%s is a digest: only what is verified counts', (algorithm, digits, is) => {
  const digest = `${algorithm}:${hex(digits)}`
  expect(E.isRight(decode(manifest(blob({ digest }), blob({ digest }))))).toBe(is)
})

it('a blob has one size, and it may be none', () => {
  const digest = `sha256:${hex(64)}`
  expect(E.isRight(decode(manifest(blob({ digest, size: 0 }), blob({ digest, size: 0 }))))).toBe(true)
  expect(decode(manifest(blob({ digest, size: 0 }), blob({ digest, size: 1 })))).toEqual(E.left(expect.stringContaining('two sizes') as string))
})

it('an index and a config are held to the same', () => {
  expect(offersFor({ manifests: [blob(), blob({ size: -5 })] }, Platform('', 'amd64'))).toEqual(E.left('is no image index: manifests.1.size is -5, which is not a size in bytes'))
  expect(diffIdsOf({ rootfs: { diff_ids: [`sha256:${hex(64)}`, 'x'] } })).toEqual(E.left(expect.stringContaining('is no image config: rootfs.diff_ids.1 is "x", which is not a digest') as string))
  expect(diffIdsOf({})).toEqual(E.left('is no image config: it has no rootfs.diff_ids'))
})
