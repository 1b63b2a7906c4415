import { matches, matchesAny } from '../../../src/core/domain/glob'

describe('a star stands for any letters, all else for itself', () => {
  it.each([
    ['a', 'a', true], ['a', 'ab', false], ['', '', true], ['', 'a', false], ['*', '', true], ['*', 'anything', true],
    ['net.*', 'net.', true], ['net.*', 'net.core', true], ['net.*', 'xnet.core', false], ['*.so', 'a.so', true], ['*.so', 'a.so.1', false],
    ['ab*ba', 'abba', true], ['ab*ba', 'aba', false], ['ab*ba', 'ab-ba', true], ['a*a', 'a', false], ['aa*a', 'aaa', true],
    ['a*b*c', 'abc', true], ['a*b*c', 'a1b2c', true], ['a*b*c', 'ac', false], ['a*b*c', 'acb', false], ['a*bc*c', 'abc', false], ['a*bc*c', 'abcc', true],
    ['*a*a*', 'a', false], ['*a*a*', 'aa', true], ['*a*b*', 'ba', false], ['*x*', 'yyxyy', true], ['*ab*ab*', 'aab', false], ['a*bb*b', 'abb', false],
    ['a*x*y*b', 'a-y-b', false], ['a*x*y*b', 'axyb', true], ['**', 'a', true], ['a**b', 'ab', true], ['.*', 'x', false], ['*x*y*z', 'y-y-z', false],
    ['*12*', '12', true], ['*12*3', '123', true], ['p*aa*aa*s', 'paaas', false], ['p*aa*aa*s', 'paaaas', true]
  ])('%j and %j: %s', (pattern, text, does) => { expect(matches(pattern, text)).toBe(does) })

  it('a list matches when one of it does', () => {
    expect([matchesAny(['a', 'b*'], 'bc'), matchesAny(['a', 'b*'], 'c'), matchesAny([], '')]).toEqual([true, false, false])
  })
})
