import { startCode } from '../../../src/core/watch/startCode'

it.each([
  ['exec: "nope": executable file not found in $PATH', 127],
  ['exec: "/bin/nope": stat /bin/nope: no such file or directory', 127],
  ['exec: "/etc/passwd": permission denied', 126],
  ['exec: "/etc": is a directory', 126],
  ['exec /x: exec format error', 126],
  ['cannot exec in a paused state', undefined],
  ['', undefined]
])('%s: %s', (words, code) => { expect(startCode(words)).toBe(code) })
