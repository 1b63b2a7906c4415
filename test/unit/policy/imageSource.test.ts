import * as E from 'fp-ts/Either'

import { pathText } from '../../../src/core/domain/DocumentPath'
import { decode } from '../../../src/core/resolve/Request'

type Some = Readonly<Record<string, unknown>>

/** What a task is refused for under a policy of images, by the plugin options that refuse it. */
const refused = (image: string, images: Some, task: Some = {}): ReadonlyArray<string> => {
  const plugin = { containerd_runtime: 'io.containerd.runc.v2', images }
  const request = decode({ task: { image, ...task }, plugin, allocation: { id: 'i', name: 'web', allocDir: '/var/lib/nomad/alloc/a' } })
  return E.isLeft(request) ? request.left.map(({ _tag, at, policy = '' }) => `${_tag} ${pathText(at)} ${policy}`) : []
}

const DIGEST = `sha256:${'a'.repeat(64)}`
const NOT_LISTED = ['RefusedByPolicy task.image images.allow']

describe('images.allow', () => {
  it.each<readonly [string, ReadonlyArray<string>]>([
    ['redis', ['docker.io/library/redis']], ['redis:7', ['docker.io/library/redis']], [`redis@${DIGEST}`, ['docker.io/library/redis']],
    ['redis:7', ['docker.io/library/*']], ['redis:7', ['x', '*']], ['redis:7', ['docker.io/library/redis:7']], ['redis:7.2', ['docker.io/library/redis:7*']],
    ['r.example:5000/team/app:1', ['r.example:5000/*']], ['r.example:5000/team/app:1', ['r.example:5000/team/app']],
    [`redis@${DIGEST}`, [`docker.io/library/redis@${DIGEST}`]], [`redis:7@${DIGEST}`, ['docker.io/library/redis@sha256:*']]
  ])('%s is listed by %j', (image, allow) => { expect(refused(image, { allow })).toEqual([]) })

  it.each<readonly [string, ReadonlyArray<string>]>([
    ['redis:7', []], ['redis:7', ['redis']], ['redis:7', ['docker.io/library/red']], ['redis:8', ['docker.io/library/redis:7']], ['evil.example/library/redis:7', ['docker.io/library/*']],
    ['docker.io.evil/library/redis', ['docker.io/*']], ['r.example:5001/team/app:1', ['r.example:5000/*']],
    // The tag is not what runs.
    [`redis:7@${DIGEST}`, ['docker.io/library/redis:7']]
  ])('%s is not listed by %j', (image, allow) => { expect(refused(image, { allow })).toEqual(NOT_LISTED) })
})

it('images.require_digest wants a digest, beside a tag or not', () => {
  expect(refused('redis:7', { require_digest: true })).toEqual(['RefusedByPolicy task.image images.require_digest'])
  for (const image of [`redis@${DIGEST}`, `redis:7@${DIGEST}`]) expect(refused(image, { require_digest: true })).toEqual([])
})

it('images.require_platform wants the platform written', () => {
  expect(refused('redis:7', { require_platform: true })).toEqual(['RefusedByPolicy task.platform images.require_platform'])
  expect(refused('redis:7', { require_platform: true }, { platform: 'linux/amd64' })).toEqual([])
})

it('all of them are told at once, and none of them says anything when left out', () => {
  expect(refused('redis:7', { allow: [], require_digest: true, require_platform: true })).toHaveLength(3)
  expect(refused('redis', {})).toEqual([])
})
