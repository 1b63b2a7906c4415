import { exitOf } from '../../../src/core/watch/exitOf'
import { Observed, recoverOf, Recovery } from '../../../src/core/watch/recoverOf'

const exit = exitOf(137, 1, 5)
const noted = exitOf(1, 0, 4)

it.each<readonly [string, Observed, Recovery]>([
  ['it still runs', { _tag: 'Running', owner: 'me' }, { _tag: 'Adopt' }],
  ['it ended and containerd knows how', { _tag: 'Ended', owner: 'me', exit }, { _tag: 'Exited', exit }],
  ['containerd forgot, its label did not', { _tag: 'Unknown', owner: 'me', label: noted }, { _tag: 'Exited', exit: noted }],
  ['containerd forgot and there is no label', { _tag: 'Unknown', owner: 'me', label: undefined }, { _tag: 'Gone', because: 'it exited while nobody watched and containerd has forgotten how' }],
  ['it is not there', { _tag: 'Absent' }, { _tag: 'Gone', because: 'its container does not exist any more' }],
  ["another task's runs under its id", { _tag: 'Running', owner: 'other' }, { _tag: 'Gone', because: 'a container of another task has its id' }],
  ["another task's ended under its id", { _tag: 'Ended', owner: 'other', exit }, { _tag: 'Gone', because: 'a container of another task has its id' }],
  ["another task's was forgotten under its id", { _tag: 'Unknown', owner: '', label: noted }, { _tag: 'Gone', because: 'a container of another task has its id' }]
])('%s', (_what, observed, recovery) => { expect(recoverOf('me', observed)).toEqual(recovery) })
