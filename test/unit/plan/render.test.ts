import { PullPolicy } from '../../../src/core/domain/PullPolicy'
import { Plan, step, undosOf } from '../../../src/core/plan/Plan'
import { planFetch } from '../../../src/core/plan/plans'
import { planStop } from '../../../src/core/plan/planStop'
import { render } from '../../../src/core/plan/render'

const wanted = { owner: 'alloc/web/1', name: 'docker.io/library/redis:7', platform: '', snapshotter: 'overlayfs', hosts: '', silenceMs: 1, timeoutMs: 300_000 }
const limits = { maxLayers: 128, maxBytes: 1, maxUnpackedBytes: 2, parallelDownloads: 6, parallelUnpacks: 4 }

it('a fetch reads as its steps, each with its undo and its reason', () => {
  expect(render(planFetch(wanted, limits, 'always'))).toBe(
    `fetch alloc/web/1 · 4 steps
  + HoldLease        fetch-4482c77abbd7ab85     ↩ DropLease                            nothing is collected while it is fetched
  + PullImage        docker.io/library/redis:7  ↩ (kept: images are shared)            the task asks for it
  + UnpackImage      docker.io/library/redis:7  ↩ (kept: images are shared)            its layers become snapshots
  - ReleaseLease     fetch-4482c77abbd7ab85     ↩ (kept: a record holds what it held)  the image record keeps it
`
  )
})

it.each<readonly [PullPolicy, string]>([
  ['always', 'fetch alloc/web/1 · 4 steps'],
  ['missing', 'fetch alloc/web/1 · 4 steps, unless docker.io/library/redis:7 is here and unpacked'],
  ['never', 'fetch alloc/web/1 · 3 steps, unless docker.io/library/redis:7 is here and unpacked']
])('a fetch of what is fetched %s says when it is not done', (pull, head) => {
  const text = render(planFetch(wanted, limits, pull))
  expect(text.split('\n')[0]).toBe(head)
  expect(text.includes('PullImage')).toBe(pull !== 'never')
})

it('a stop reads as what is sent, and what follows', () => {
  expect(render(planStop('alloc/web/1', 'web-1', 15, 5000))).toBe(
    `stop alloc/web/1 · 2 steps
  ! SendSignal       web-1 15                      ↩ (kept: a signal cannot be taken back)  ask it to end
  ! AwaitExit        web-1 5000 ms, then signal 9  ↩ (kept: a signal cannot be taken back)  and end it when it does not
`
  )
})

it('a plan without steps is its heading', () => {
  expect(render(Plan('start', 'o', []))).toBe('start o · 0 steps\n')
})

it('the undos of a plan are newest first, without what is kept', () => {
  const plan = Plan('start', 'o', [
    step({ _tag: 'MakeDirectory', path: '/v' }, ''), step({ _tag: 'HoldLease', lease: 'l', expiresInSeconds: 1 }, ''),
    step({ _tag: 'PrepareSnapshot', snapshotter: 's', key: 'k', parent: 'p', ids: '' }, ''), step({ _tag: 'StartTask', container: 'c' }, '')
  ])
  expect(undosOf(plan)).toEqual([
    { _tag: 'KillTask', container: 'c' }, { _tag: 'RemoveSnapshot', snapshotter: 's', key: 'k' }, { _tag: 'DropLease', lease: 'l' }
  ])
})

describe('a verifier', () => {
  const verifier = { binDir: '/opt/verify', maxVerifiers: 10, timeoutMs: 10_000 }

  it('is asked by the pull, before anything comes', () => {
    expect(render(planFetch({ ...wanted, verifier }, limits, 'missing'))).toContain('+ PullImage        docker.io/library/redis:7, if /opt/verify lets it in  ↩')
  })

  it('is asked before an image is unpacked that nobody pulls', () => {
    const { steps } = planFetch({ ...wanted, verifier }, limits, 'never')
    expect(steps.map(({ act }) => act._tag)).toEqual(['HoldLease', 'VerifyImage', 'UnpackImage', 'ReleaseLease'])
    expect(render(planFetch({ ...wanted, verifier }, limits, 'never'))).toContain('? VerifyImage      docker.io/library/redis:7 by /opt/verify')
  })
})
