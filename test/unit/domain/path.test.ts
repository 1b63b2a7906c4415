import { clean, isAbsolute, isWithin, resolve } from '../../../src/core/domain/path'

it.each([
  ['/', '/'], ['', '/'], ['/a//b/../c/', '/a/c'], ['/..', '/'], ['/../../a', '/a'], ['/./a/.', '/a'], ['a', '/a'], ['/a/b/../../..', '/'],
  ['/...', '/...'], ['/.a', '/.a'], ['/a ', '/a '], ['//a', '/a']
])('%j is cleanly written as %j', (path, written) => { expect(clean(path)).toBe(written) })

it.each([
  ['/base', 'x', '/base/x'], ['/base', '/x', '/x'], ['/base', '../x', '/x'], ['/base', '../../../x', '/x'], ['/base/', './a/../b', '/base/b'], ['/base', '', '/base']
])('from %j, %j is %j', (base, child, path) => { expect(resolve(base, child)).toBe(path) })

it.each([
  ['/a', '/a', true], ['/a', '/a/b', true], ['/a', '/ab', false], ['/a', '/', false], ['/', '/a', true], ['/a/b', '/a', false], ['/a', '/a-b/c', false]
])('within %j lies %j: %s', (parent, path, within) => { expect(isWithin(parent, path)).toBe(within) })

it('an absolute path starts with a slash', () => {
  expect(['/', '/a', 'a', '', './a'].map(isAbsolute)).toEqual([true, true, false, false, false])
})
