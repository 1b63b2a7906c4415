import * as E from 'fp-ts/Either'

import * as ImageConfig from '../../../src/core/decode/ImageConfig'
import { userOf } from '../../../src/core/resolve/accounts'

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
  ])('%j is refused', (text, reason) => { expect(userOf(text, image)).toEqual(E.left(reason)) })
})

describe('an id above 2^31-1 never becomes root by wrapping around (CVE-2024-40635)', () => {
  it.each([
    ['2147483648', 'user id 2147483648 is above 2147483647'], ['4294967296', 'user id 4294967296 is above 2147483647'],
    ['99999999999999999999', 'user id 99999999999999999999 is above 2147483647'], ['0:4294967296', 'group id 4294967296 is above 2147483647'],
    ['big', 'user "big" is not in the image\'s /etc/passwd'], ['negative', 'user "negative" is not in the image\'s /etc/passwd'],
    ['app:huge', 'group "huge" is not in the image\'s /etc/group']
  ])('%s', (text, reason) => { expect(userOf(text, image)).toEqual(E.left(reason)) })
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
