import * as fc from 'fast-check'

import { clean } from '../core/domain/path'
import { ImageConfig } from '../core/image/ImageConfig'
import { absolute } from './mounts'
import { anyText } from './ofFields'

/** Names that environments use, and any other. */
export const envName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'PATH',
    'HOME',
    'LANG',
    'NOMAD_TASK_NAME',
    'A',
    'a',
    'B_1',
    'é',
    '1',
    '10',
    '9',
    'constructor',
    '__proto__'
  ),
  anyText.map((text) => text.replaceAll('=', '')).filter((name) => name !== '')
)

/** `NAME=value` lines, each name once. */
export const envLines: fc.Arbitrary<ReadonlyArray<string>> = fc
  .uniqueArray(fc.tuple(envName, anyText), { maxLength: 5, selector: ([name]) => name })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`))

/** A word that can be run. */
export const program: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('sh', '/bin/true', 'redis-server'),
  anyText.filter((text) => text !== '')
)

const words = fc.array(anyText, { maxLength: 2 })
const command = fc.tuple(program, words).map(([first, rest]) => [first, ...rest])

/** Users that the accounts below know, and numbers that need no account. */
export const user: fc.Arbitrary<string> = fc.constantFrom(
  '',
  '0',
  'root',
  'app',
  'app:staff',
  '1000',
  '1000:1000',
  '2147483647',
  '7:staff',
  'nobody'
)

export const PASSWD =
  'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:app:/app:/bin/sh\nnobody:x:65534:65534::/:/sbin/nologin\n'
export const GROUP = 'root:x:0:\nstaff:x:50:app\nwheel:x:10:root,app\napp:x:1001:\n'

/** What an image may say, always with something to run. */
export const imageConfig: fc.Arbitrary<ImageConfig> = fc.record({
  architecture: fc.constantFrom('', 'amd64', 'arm64'),
  env: envLines,
  user,
  cwd: fc
    .oneof(
      fc.constant(''),
      absolute.map(clean),
      absolute.map((path) => `${clean(path)}/`)
    )
    .filter((path) => !path.startsWith('/proc') && !path.startsWith('/dev')),
  entrypoint: fc.oneof(fc.constant([]), command),
  cmd: command,
  stopSignal: fc.constantFrom('', 'SIGTERM', 'SIGQUIT', '9', 'SIGRTMIN+3', 'int')
})
