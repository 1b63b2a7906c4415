import * as fc from 'fast-check'

import { gathered } from '../../../src/effects/containerd/gathered'

const MIB = 1024 * 1024

it('gives the same bytes in pieces of a mebibyte, the last one excepted, however they come', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 * MIB }), { maxLength: 6 }), async (lengths) => {
    const chunks = lengths.map((length, index) => Buffer.alloc(length, index + 1))
    const pieces: Array<Buffer> = []
    for await (const piece of gathered(chunks)) pieces.push(piece)
    expect(Buffer.concat(pieces).equals(Buffer.concat(chunks))).toBe(true)
    expect(pieces.slice(0, -1).every(({ length }) => length === MIB)).toBe(true)
    expect(pieces.every(({ length }) => length > 0)).toBe(true)
  }), { numRuns: 30 })
})
