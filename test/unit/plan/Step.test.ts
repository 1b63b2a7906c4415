import { Do, targetOf, Undo } from '../../../src/core/plan/Step'

const ALL = { lease: 'l', name: 'n', path: 'p', key: 'k', container: 'c', because: 'b' }

it.each<readonly [(Do | Undo)['_tag'], string]>([
  ['HoldLease', 'l'], ['ReleaseLease', 'l'], ['DropLease', 'l'], ['CheckAccess', 'n'], ['PullImage', 'n'], ['UnpackImage', 'n'], ['MakeDirectory', 'p'], ['WriteFile', 'p'], ['RemoveFile', 'p'],
  ['PrepareSnapshot', 'k'], ['RemoveSnapshot', 'k'], ['CreateContainer', 'c'], ['CreateTask', 'c'], ['StartTask', 'c'], ['SendSignal', 'c'], ['AwaitExit', 'c'], ['DeleteContainer', 'c'],
  ['DeleteTask', 'c'], ['KillTask', 'c'], ['Keep', 'b']
])('%s is about %s', (_tag, target) => { expect(targetOf({ ...ALL, _tag } as unknown as Do)).toBe(target) })
