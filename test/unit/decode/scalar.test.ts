import * as E from 'fp-ts/Either'

import { durationMs, flag, sizeBytes, text, whole, word } from '../../../src/core/field/scalar'

const reasonOf = (outcome: E.Either<{ readonly tag: string; readonly reason: string }, unknown>): string =>
  E.isLeft(outcome) ? `${outcome.left.tag}: ${outcome.left.reason}` : `takes ${JSON.stringify(outcome.right)}`

describe('a duration is written as in Go', () => {
  it.each([
    ['5m', 300_000], ['30s', 30_000], ['1h30m', 5_400_000], ['500ms', 500], ['1.5s', 1500], ['.5s', 500], ['1.s', 1000],
    ['1500us', 2], ['1500µs', 2], ['1500μs', 2], ['1ns', 1], ['576h', 2_073_600_000], ['2000000ns', 2], ['0h5s', 5000], ['1h1h', 7_200_000]
  ])('%s', (written, ms) => { expect(durationMs(written)).toEqual(E.right(ms)) })

  const form = 'BadValue: must be a duration such as "5m", "30s" or "1h30m"'
  it.each([
    ['', form], ['5', form], ['5 m', form], ['m', form], ['-5m', form], ['+5m', form], ['5M', form], ['5d', form], ['.s', form],
    ['5m\n', form], ['1e3s', form], ['0s', 'BadValue: must be longer than zero'], ['0h0m', 'BadValue: must be longer than zero'],
    [5, 'WrongType: must be a duration such as "5m" or "30s"'], [{}, 'WrongType: must be a duration such as "5m" or "30s"']
  ])('%j is refused', (written, reason) => { expect(reasonOf(durationMs(written))).toBe(reason) })
})

describe('a size is written as in Docker, in powers of 1024', () => {
  it.each([
    ['64m', 67_108_864], ['1g', 1_073_741_824], ['512', 512], ['10MiB', 10_485_760], ['10mb', 10_485_760], ['1k', 1024], ['1K', 1024],
    ['1 GB', 1_073_741_824], ['1.5k', 1536], ['1b', 1], ['1t', 2 ** 40], ['1p', 2 ** 50]
  ])('%s', (written, bytes) => { expect(sizeBytes(written)).toEqual(E.right(bytes)) })

  const form = 'BadValue: must be a size such as "64m", "1g" or a number of bytes'
  it.each([
    ['', form], ['m', form], ['-1m', form], ['64 mm', form], ['64x', form], ['1e3', form], ['1,5k', form], [' 64m', form],
    ['0', 'BadValue: must be more than zero'], ['0.1', 'BadValue: must be more than zero'], ['8p', 'BadValue: must be smaller than 8 PiB'],
    ['9'.repeat(400), 'BadValue: must be smaller than 8 PiB'], [64, 'WrongType: must be a size such as "64m" or "1g"']
  ])('%j is refused', (written, reason) => { expect(reasonOf(sizeBytes(written))).toBe(reason) })
})

describe('a whole number lies between its bounds', () => {
  it.each<readonly [unknown, number]>([[-1, -1], [0, 0], [100, 100], [7n, 7], [-1n, -1]])('%s', (given, number) => {
    expect(whole(-1, 100)(given)).toEqual(E.right(number))
  })

  it.each<readonly [unknown, string]>([
    [101, 'BadValue: must be between -1 and 100'], [-2, 'BadValue: must be between -1 and 100'], [2n ** 64n, 'BadValue: must be between -1 and 100'],
    [1.5, 'WrongType: must be a whole number'], [Number.NaN, 'WrongType: must be a whole number'], ['5', 'WrongType: must be a whole number'],
    [Number.POSITIVE_INFINITY, 'WrongType: must be a whole number'], [true, 'WrongType: must be a whole number']
  ])('%s is refused', (given, reason) => { expect(reasonOf(whole(-1, 100)(given))).toBe(reason) })
})

describe('texts, flags and words', () => {
  it('a text is any string without a NUL byte', () => {
    expect(text('')).toEqual(E.right(''))
    expect(reasonOf(text('a\u0000b'))).toBe('BadValue: must not contain a NUL byte')
    expect(reasonOf(text(1))).toBe('WrongType: must be a string')
  })

  it('a flag is true or false, not a word for it', () => {
    expect(flag(false)).toEqual(E.right(false))
    expect(reasonOf(flag('true'))).toBe('WrongType: must be true or false')
    expect(reasonOf(flag(1))).toBe('WrongType: must be true or false')
  })

  it('a word is one of a list, and the list is told', () => {
    expect(word(['', 'host'])('host')).toEqual(E.right('host'))
    expect(reasonOf(word(['', 'host'])('Host'))).toBe('BadValue: must be one of "", "host"')
  })
})
