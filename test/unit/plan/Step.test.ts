import { Do, targetOf, Undo } from '../../../src/core/plan/Step'

const ALL = { lease: 'l', name: 'n', path: 'p', key: 'k', container: 'c', because: 'b' }

/** What stands before the target in the order of `targetOf` and is no part of these acts. */
const FIRST = ['path', 'container', 'name', 'key', 'lease']
const MISSING: Readonly<Record<string, ReadonlyArray<string>>> = {
  ...Object.fromEntries(['CreateContainer', 'CreateTask', 'StartTask', 'SendSignal', 'AwaitExit', 'DeleteContainer', 'DeleteTask', 'KillTask', 'InspectPaths', 'InspectMounts'].map((tag) => [tag, FIRST.slice(0, 1)])),
  ...Object.fromEntries(['CheckAccess', 'PullImage', 'UnpackImage'].map((tag) => [tag, FIRST.slice(0, 2)])),
  ...Object.fromEntries(['PrepareSnapshot', 'RemoveSnapshot'].map((tag) => [tag, FIRST.slice(0, 3)])),
  ...Object.fromEntries(['HoldLease', 'ReleaseLease', 'DropLease'].map((tag) => [tag, FIRST.slice(0, 4)])),
  Keep: FIRST
}

const without = (all: Readonly<Record<string, string>>, names: ReadonlyArray<string>): object =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)))

it.each<readonly [(Do | Undo)['_tag'], string]>([
  ['HoldLease', 'l'], ['ReleaseLease', 'l'], ['DropLease', 'l'], ['CheckAccess', 'n'], ['PullImage', 'n'], ['UnpackImage', 'n'], ['MakeDirectory', 'p'], ['WriteFile', 'p'], ['RemoveFile', 'p'], ['PinSource', 'p'], ['UnpinSource', 'p'], ['InspectPaths', 'c'], ['InspectMounts', 'c'],
  ['PrepareSnapshot', 'k'], ['RemoveSnapshot', 'k'], ['CreateContainer', 'c'], ['CreateTask', 'c'], ['StartTask', 'c'], ['SendSignal', 'c'], ['AwaitExit', 'c'], ['DeleteContainer', 'c'],
  ['DeleteTask', 'c'], ['KillTask', 'c'], ['Keep', 'b']
])('%s is about %s', (_tag, target) => { expect(targetOf({ ...without(ALL, MISSING[_tag] ?? []), _tag } as unknown as Do)).toBe(target) })
