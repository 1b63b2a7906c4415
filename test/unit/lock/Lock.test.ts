import * as E from 'fp-ts/Either'

import { pathText } from '../../../src/core/domain/DocumentPath'
import { changesOf, findingsOf, line, told } from '../../../src/core/lock/Change'
import * as Lock from '../../../src/core/lock/Lock'

const D = (digit: string): string => `sha256:${digit.repeat(64)}`
const REDIS = 'docker.io/library/redis:7'
const entry = { digest: D('1'), chainId: D('2'), config: {} }
const file = (images: object, rest: object = {}): unknown => ({ version: 1, platform: 'linux/amd64', images, ...rest })

it.each<readonly [string, unknown, string]>([
  ['a list', [], 'lock'], ['null', null, 'lock'], ['no version', { platform: 'linux/amd64', images: {} }, 'lock.version'],
  ['a later version', file({}, { version: 2 }), 'lock.version'], ['an unknown key', file({}, { image: {} }), 'lock.image'],
  ['a platform that is none', file({}, { platform: 'amd64' }), 'lock.platform'], ['no images', { version: 1, platform: 'linux/amd64' }, 'lock.images'],
  ['a short name', file({ 'redis:7': entry }), 'lock.images.redis:7'],
  ['a key without its platform', file({ [REDIS]: { ...entry, platform: 'linux/arm64' } }), `lock.images.${REDIS}`],
  ['a key with a platform that the entry has not', file({ [`${REDIS} linux/arm64`]: entry }), `lock.images.${REDIS} linux/arm64`],
  ['a digest that is none', file({ [REDIS]: { ...entry, digest: 'sha256:1' } }), `lock.images.${REDIS}.digest`],
  ['a chain id that is none', file({ [REDIS]: { ...entry, chainId: '' } }), `lock.images.${REDIS}.chainId`],
  ['an entry without a digest', file({ [REDIS]: { chainId: D('1'), config: {} } }), `lock.images.${REDIS}.digest`],
  ['an unknown key of an entry', file({ [REDIS]: { ...entry, user: 'x' } }), `lock.images.${REDIS}.user`],
  ['a config of another shape', file({ [REDIS]: { ...entry, config: { config: { Env: 'x' } } } }), `lock.images.${REDIS}.image.config.Env`]
])('%s is refused where it stands', (_what, value, at) => {
  const outcome = Lock.decode(value)
  expect(E.isLeft(outcome) && outcome.left.map((issue) => pathText(issue.at))).toContain(at)
})

it('every mistake is told at once', () => {
  const outcome = Lock.decode(file({ 'redis:7': { ...entry, digest: 'x', user: 'y' } }, { platform: 'x', more: 1 }))
  expect(E.isLeft(outcome) && outcome.left.map(({ at }) => pathText(at))).toEqual(['lock.more', 'lock.platform', 'lock.images.redis:7.user', 'lock.images.redis:7', 'lock.images.redis:7.digest'])
})

it('changes and findings are told by name, one line each', () => {
  const lockOf = (images: Readonly<Record<string, string>>): Lock.Lock => ({
    ...Lock.empty('linux/amd64'),
    images: Object.fromEntries(Object.entries(images).map(([name, digit]) => [name, { digest: D(digit), chainId: D('9'), config: { architecture: '', env: [], user: '', cwd: '', entrypoint: [], cmd: [], stopSignal: '' } }]))
  })
  const [before, after] = [lockOf({ 'h/b:1': '1', 'h/c:1': '1', 'h/d:1': '1' }), lockOf({ 'h/a:1': '5', 'h/c:1': '2', 'h/d:1': '1' })]
  expect(changesOf(before, after).map(line)).toEqual([`+ h/a:1 ${D('5')}`, '- h/b:1 is used by none of the jobs', `~ h/c:1 ${D('1')} → ${D('2')}`])
  expect(findingsOf(before, { 'h/a:1': D('5'), 'h/c:1': D('2'), 'h/d:1': D('1') }).map(told)).toEqual([`missing: h/a:1 (now ${D('5')})`, 'unused: h/b:1', `moved: h/c:1 ${D('1')} → ${D('2')}`])
})
