import { none } from '../../src/core/facts/Facts'
import { sampleFacts } from '../../src/core/facts/sampleFacts'
import { empty } from '../../src/core/image/ImageConfig'
import { moreQuestions, questionsOf } from '../../src/core/resolve/questionsOf'
import { Request } from '../../src/core/resolve/Request'
import { fetchOf, needsOf, plansOf } from '../../src/core/translate'
import { compiledOf, requestOf } from '../../src/testing/facts'

const given = (task: object = {}): Request => requestOf({
  task: { image: 'busybox:1', command: 'true', ...task }, plugin: { containerd_runtime: 'io.containerd.runc.v2' },
  allocation: { id: 'a1/web.x/B-2', name: 'web', allocDir: '/a' }
})

it('what a request needs: its questions, its image, what is fetched and a name of letters, digits and dashes', () => {
  const request = given({ image_pull_timeout: '3s', platform: 'linux/arm64', userns: '0:100000:65536', devices: [{ host_path: '/dev/fuse' }] })
  const needs = needsOf(request)
  const facts = sampleFacts(questionsOf(request), none, empty)
  expect(needs).toMatchObject({ questions: questionsOf(request), image: 'docker.io/library/busybox:1', pull: 'missing', id: 'a1-web-x-B-2' })
  expect(needs.more(facts)).toEqual(moreQuestions(request, facts))
  expect(needs.fetch.steps.length).toBeGreaterThan(0)
  expect(fetchOf(request)).toEqual({
    owner: 'a1/web.x/B-2', name: 'docker.io/library/busybox:1', platform: 'linux/arm64', snapshotter: 'overlayfs', timeoutMs: 3000,
    hosts: '/etc/containerd/certs.d', silenceMs: 120_000
  })
})

it.each([
  [{}, true, ['HoldLease', 'PullImage', 'UnpackImage', 'ReleaseLease']],
  [{ pull_policy: 'never' }, true, ['HoldLease', 'UnpackImage', 'ReleaseLease']],
  [{ pull_policy: 'always' }, false, ['HoldLease', 'PullImage', 'UnpackImage', 'ReleaseLease']]
])('the plan that fetches the image of %j is the one that is shown, with its condition', (task, isConditional, acts) => {
  const request = given(task)
  const [fetch] = plansOf(request, compiledOf({ request, facts: sampleFacts(questionsOf(request), none, empty) }))
  expect(fetch).toEqual(needsOf(request).fetch)
  expect(fetch?.unless !== undefined).toBe(isConditional)
  expect(fetch?.steps.map(({ act }) => act._tag)).toEqual(acts)
})
