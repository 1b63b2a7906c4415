import { Failure, FailureTag } from '../../../src/core/domain/Failure'
import { endAfter, Loss, lossAfter } from '../../../src/core/watch/lossOf'

const after = (...tags: ReadonlyArray<FailureTag>): Loss =>
  tags.reduce<Loss>((loss, tag) => lossAfter(loss, Failure(tag, 'wait', '')), 'Nothing')

it.each<readonly [string, ReadonlyArray<FailureTag>, number, string]>([
  ['a wait that broke while containerd answered', ['Unknown', 'NotFound'], 137, 'its containerd shim died, and containerd killed the task'],
  ['a containerd that was away', ['Unavailable', 'NotFound'], 255, 'ended while containerd was down'],
  ['a containerd that went away as the shim died', ['Unknown', 'Unavailable'], 255, 'ended while containerd was down'],
  ['a shim that was missed after containerd was away', ['Unavailable', 'Unknown', 'NotFound'], 255, 'ended while containerd was down'],
  ['a task that was gone when it was looked for', ['NotFound'], 255, 'removed by somebody else']
])('%s', (_what, tags, code, words) => {
  const { exit, error } = endAfter(after(...tags), 7)
  expect([exit.code, exit.signal, exit.atMs]).toEqual([code, code === 137 ? 9 : 0, 7])
  expect(error).toContain(words)
})
