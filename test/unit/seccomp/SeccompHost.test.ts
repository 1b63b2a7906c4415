import * as E from 'fp-ts/Either'

import { customProfile } from '../../../src/core/seccomp/customProfile'
import { jsonFault } from '../../../src/core/seccomp/jsonFault'
import { isKernelAtLeast, kernelVersionOf } from '../../../src/core/seccomp/SeccompHost'

const HOST = { architecture: 'amd64', kernel: '5.10.0', capabilities: [] }

it.each([['6.1.0', [6, 1]], ['5.10', [5, 10]], ['5', undefined], ['', undefined], ['x5.10', undefined], ['5.x', undefined]])('the kernel %j is %j', (release, version) => {
  expect(kernelVersionOf(release)).toEqual(version)
})

it.each([[5, 10, true], [5, 9, true], [5, 11, false], [4, 20, true], [6, 0, false]])('5.10 is %d.%d or later: %s', (version, revision, is) => {
  expect(isKernelAtLeast(HOST, [version, revision])).toBe(is)
  expect(isKernelAtLeast({ ...HOST, kernel: 'odd' }, [version, revision])).toBe(false)
})

it('a name of a profile is shown up to 64 letters', () => {
  const shown = (length: number): unknown => E.mapLeft((issues: ReadonlyArray<object>) => JSON.stringify(issues))(customProfile(JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', ['x'.repeat(length)]: 1 }), HOST))
  expect(shown(64)).toMatchObject({ left: expect.not.stringContaining('…') })
  expect(shown(65)).toMatchObject({ left: expect.stringContaining(`${'x'.repeat(64)}…`) })
  expect(shown(65)).toMatchObject({ left: expect.not.stringContaining(`${'x'.repeat(65)}…`) })
})

it.each([
  ['["abcdefghij"]', undefined], ['{"a" "abcdefghij"}', 'a text instead of ":"'], ['[truex]', '"x" instead of a comma or the end of what is open'],
  ['[[1],[2]]', undefined], ['{"a":[1}', '"}" instead of a comma or the end of what is open'], ['[{"a":1]', '"]" instead of a comma or the end of what is open'], ['"', 'a text that is not closed or not well escaped instead of a value'], ['{"', 'a text that is not closed or not well escaped instead of a name in double quotes or "}"']
])('%j has %j', (text, words) => { expect(jsonFault(text)?.replace(/^.* has /, '')).toBe(words) })

it('a rule of a profile has no member without a value', () => {
  const outcome = customProfile(JSON.stringify({ defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW' }] }), HOST)
  expect(E.isRight(outcome) ? outcome.right.syscalls : []).toStrictEqual([{ names: ['read'], action: 'SCMP_ACT_ALLOW' }])
})
