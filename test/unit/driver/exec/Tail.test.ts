import { Tail } from '../../../../src/driver/Tail'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

const of = (most: number, ...chunks: ReadonlyArray<string>): string => {
  const tail = Tail(most)
  for (const chunk of chunks) tail.add(Buffer.from(chunk))
  return text(tail.bytes())
}

it('what fits is kept whole', () => {
  expect(of(10)).toBe('')
  expect(of(10, '12345', '', '67890')).toBe('1234567890')
})

it.each([1, 7, 99, 100, 101, 250])('of more the end is kept, and a line says so: chunks of %s', (size) => {
  const whole = Array.from({ length: 1000 }, (_, index) => String(index % 10)).join('')
  const chunks = Array.from({ length: Math.ceil(1000 / size) }, (_, index) => whole.slice(index * size, (index + 1) * size))
  const kept = of(100, ...chunks)
  const said = '[of 1000 bytes only the last are kept]\n'
  expect(kept).toBe(said + whole.slice(-(100 - said.length)))
})

it('a bound holds for a chunk that is larger than it', () => {
  expect(of(60, 'x'.repeat(1000))).toHaveLength(60)
})

it('a million single bytes cost no more than they are', () => {
  const tail = Tail(100_000)
  const one = Buffer.from('x')
  const started = performance.now()
  for (let count = 0; count < 1_000_000; count += 1) tail.add(one)
  tail.add(Buffer.alloc(64 * 1024, 'y'))
  expect(performance.now() - started).toBeLessThan(5000)
  const kept = text(tail.bytes())
  expect(kept.slice(0, 39)).toBe('[of 1065536 bytes only the last are kep')
  expect(kept).toHaveLength(100_000)
  expect(kept.endsWith('y'.repeat(64 * 1024))).toBe(true)
  expect(kept.at(-64 * 1024 - 1)).toBe('x')
})
