import { Failure, FailureTag, isAmbiguous, isRecoverable } from '../../../src/core/domain/Failure'

it.each<readonly [FailureTag, boolean, boolean]>([
  ['NotFound', false, false], ['AlreadyExists', false, false], ['Denied', false, false], ['Invalid', false, false],
  ['Unavailable', true, true], ['TimedOut', true, true], ['Unknown', true, false]
])('%s: it may have happened: %s, Nomad may try again: %s', (tag, ambiguous, recoverable) => {
  const failure = Failure(tag, 'pull x', 'said so')
  expect(failure).toEqual({ _tag: tag, doing: 'pull x', detail: 'said so' })
  expect([isAmbiguous(failure), isRecoverable(failure)]).toEqual([ambiguous, recoverable])
})
