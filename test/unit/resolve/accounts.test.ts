import * as E from 'fp-ts/Either'

import * as ImageConfig from '../../../src/core/image/ImageConfig'
import { groupsOf, userOf } from '../../../src/core/resolve/accounts'

const PASSWD = [
  '# comment', 'root:x:0:0:root:/root:/bin/sh', 'app:x:1000:1001::/app:/bin/sh', 'big:x:2147483648:0::/:/bin/sh', 'negative:x:-1:0::/:/',
  '  spaced:x:7:8::/:/  ', 'broken', 'nogid:x:5', '1234:x:42:43::/:/', 'app:x:9:9:second::'
].join('\n')
const GROUP = ['root:x:0:', 'staff:x:50:app,other', 'wheel:x:10:root,app', 'app:x:1001:app', 'app2:x:1001:app', 'huge:x:4294967295:app', 'twice:x:50:app'].join('\n')

const image = { digest: '', chainId: '', config: ImageConfig.empty, passwd: PASSWD, group: GROUP }

describe("a user is looked up in the image's own files", () => {
  it.each([
    ['', 0, 0, [0, 10]], ['0', 0, 0, [0, 10]], ['root', 0, 0, [0, 10]], [':staff', 0, 50, [50]],
    ['app', 1000, 1001, [1001, 50, 10]], ['1000', 1000, 1001, [1001, 50, 10]], ['01000', 1000, 1001, [1001, 50, 10]],
    ['app:staff', 1000, 50, [50]], ['app:7', 1000, 7, [7]], ['1000:0', 1000, 0, [0]],
    ['4242', 4242, 0, [0]], ['4242:wheel', 4242, 10, [10]], ['spaced', 7, 8, [8]], ['1234', 1234, 0, [0]],
    ['2147483647', 2_147_483_647, 0, [0]], ['0:2147483647', 0, 2_147_483_647, [2_147_483_647]]
  ])('%j', (text, uid, gid, additionalGids) => { expect(userOf(text, image)).toEqual(E.right({ uid, gid, additionalGids })) })

  it.each([
    ['nobody', 'user "nobody" is not in the image\'s /etc/passwd'], ['app:nobody', 'group "nobody" is not in the image\'s /etc/group'],
    ['app:', 'group "" is not in the image\'s /etc/group'], ['-1', 'user "-1" is not in the image\'s /etc/passwd'],
    ['1e3', 'user "1e3" is not in the image\'s /etc/passwd'], ['broken', 'user "broken" is not in the image\'s /etc/passwd']
  ])('%j is refused', (text, reason) => { expect(userOf(text, image)).toEqual(E.left({ reason, file: reason.startsWith('group') ? 'group' : 'passwd' })) })
})

describe('an id above 2^31-1 never becomes root by wrapping around (CVE-2024-40635)', () => {
  it.each([
    ['2147483648', 'user id 2147483648 is above 2147483647'], ['4294967296', 'user id 4294967296 is above 2147483647'],
    ['99999999999999999999', 'user id 99999999999999999999 is above 2147483647'], ['0:4294967296', 'group id 4294967296 is above 2147483647'],
    ['big', 'user "big" is not in the image\'s /etc/passwd'], ['negative', 'user "negative" is not in the image\'s /etc/passwd'],
    ['app:huge', 'group "huge" is not in the image\'s /etc/group']
  ])('%s', (text, reason) => { expect(userOf(text, image)).toEqual(E.left({ reason, ...(reason.includes('is not in') ? { file: reason.startsWith('group') ? 'group' : 'passwd' } : {}) })) })
})

it('the primary group always leads the supplementary ones (CVE-2023-25173)', () => {
  for (const text of ['', 'app', 'app:staff', '4242', '4242:7']) {
    const outcome = userOf(text, image)
    expect(E.isRight(outcome) && outcome.right.additionalGids[0] === outcome.right.gid).toBe(true)
  }
})

it('an image without accounts knows root and numbers', () => {
  const bare = { ...image, passwd: '', group: '' }
  expect(userOf('', bare)).toEqual(E.right({ uid: 0, gid: 0, additionalGids: [0] }))
  expect(userOf('7:8', bare)).toEqual(E.right({ uid: 7, gid: 8, additionalGids: [8] }))
  expect(E.isLeft(userOf('root', bare))).toBe(true)
})

describe('a file of accounts that could not be read', () => {
  const bytes = 1_073_741_824
  const large = 'is 1073741824 bytes, larger than 8388608, which is the most that is read'
  const passwd = { ...image, passwd: '', unread: { passwd: { kind: 'too large', bytes } } } as const
  const group = { ...image, group: '', unread: { group: { kind: 'no file' } } } as const
  const ids = (text: string, from: typeof passwd | typeof group): unknown => E.map(({ uid, gid }: { readonly uid: number; readonly gid: number }) => [uid, gid])(userOf(text, from))

  it.each([
    ['app', passwd, `user "app" cannot be looked up: /etc/passwd of the image ${large}`],
    ['app:7', passwd, `user "app" cannot be looked up: /etc/passwd of the image ${large}`],
    // Its primary group would be root's by guess.
    ['1000', passwd, `user "1000" cannot be looked up: /etc/passwd of the image ${large}`],
    ['app', group, 'the groups of user "app" cannot be looked up: /etc/group of the image is no regular file'],
    ['app:staff', group, 'group "staff" cannot be looked up: /etc/group of the image is no regular file']
  ])('%j is refused by its true reason', (text, from, reason) => { expect(userOf(text, from)).toEqual(E.left({ reason, file: from === passwd ? 'passwd' : 'group' })) })

  it.each([['1000:7', passwd, [1000, 7]], ['', passwd, [0, 0]], ['1000:staff', passwd, [1000, 50]], ['app:7', group, [1000, 7]], ['4242', group, [4242, 0]]] as const)('%j needs none of it', (text, from, wanted) => {
    expect(ids(text, from)).toEqual(E.right(wanted))
  })

  it('names of group_add need the file, numbers do not', () => {
    expect(groupsOf(['7'], group)).toEqual(E.right([7]))
    expect(groupsOf(['7', 'staff'], group)).toEqual(E.left([[1, { file: 'group', reason: 'group "staff" cannot be looked up: /etc/group of the image is no regular file' }]]))
  })

  it('too many links are told', () => {
    expect(userOf('app', { ...image, unread: { passwd: { kind: 'too many links' } } })).toMatchObject({ left: { reason: expect.stringContaining('leads over more links than Linux follows') as string } })
  })
})

describe('files of eight megabytes', () => {
  const MAX = 8 * 1024 * 1024
  const filled = (line: string): string => `${line}\n`.repeat(MAX / (line.length + 1))
  const numbered = (line: (index: number) => string): string => Array.from({ length: 400_000 }, (_one, index) => line(index)).join('\n')
  const quick = <A>(act: () => A): A => {
    const before = performance.now()
    const outcome = act()
    // A tenth of a second on a machine that does nothing else.
    expect(performance.now() - before).toBeLessThan(10_000)
    return outcome
  }

  it('of accounts and groups are looked through in linear time, whatever their lines are', () => {
    const last = { ...image, passwd: `${numbered((index) => `u${String(index)}:x:${String(index + 5)}:7::/:`)}\nlast:x:1:2::/:` }
    expect(quick(() => userOf('last', last))).toMatchObject({ right: { uid: 1, gid: 2 } })
    for (const passwd of [filled(''), filled('app:'), filled('a::0:0'), 'a'.repeat(MAX), ':'.repeat(MAX), ' '.repeat(MAX)]) {
      expect(E.isLeft(quick(() => userOf('nobody', { ...image, passwd })))).toBe(true)
    }
  })

  it('that put a user into more groups than Linux has are refused', () => {
    const many = { ...image, group: numbered((index) => `g${String(index)}:x:${String(index + 1)}:app`) }
    expect(quick(() => userOf('app', many))).toMatchObject({ left: { file: 'group', reason: expect.stringMatching(/^user "app" is in \d+ groups of the image's \/etc\/group, more than the 65536 of Linux$/) as string } })
    const names = Array.from({ length: 60_000 }, (_one, index) => `g${String(index)}`)
    const found = quick(() => groupsOf(names, many))
    expect(E.isRight(found) && found.right.length === names.length && found.right[59_999] === 60_000).toBe(true)
  })
})
