import { digestOf } from '../../../src/core/domain/digest'
import { ACTS } from '../../../src/core/plan/acts'
import { codecOf } from '../../../src/core/plan/Row'
import { Act, Do, symbolOf, targetOf, textOf, undoOf } from '../../../src/core/plan/Step'
import { Undo, undos } from '../../../src/core/plan/Undo'
import { NO_VERIFIER } from '../../../src/core/plan/Verifier'

const ALL = {
  lease: 'l', name: 'n', image: 'i', key: 'k', container: 'c', because: 'b', snapshotter: 's', source: 'o', signal: 15, withinMs: 5,
  thenSignal: 9, digest: `sha256:${'5'.repeat(64)}`, verifier: { binDir: '/v', maxVerifiers: 1, timeoutMs: 1 }, exec: 'e', names: ['stdout', 'stderr'], width: 80, height: 25, process: `sha256:${'4'.repeat(64)}`,
  of: { _tag: 'Task', allocId: 'a1', task: 'db' }, device: 'br', subnets: ['10.0.0.0/8', 'fd00::/64'], netns: '/n', network: 'tasks', conflist: '{}', path: 'p', args: { A: 'b' }, record: '/r', capabilities: {
    portMappings: [
      { hostPort: 8080, containerPort: 80, protocol: 'tcp', hostIP: '10.0.0.5' }, { hostPort: 8080, containerPort: 80, protocol: 'udp', hostIP: '10.0.0.5' },
      { hostPort: 53, containerPort: 53, protocol: 'udp', hostIP: '' }, { hostPort: 443, containerPort: 443, protocol: 'tcp', hostIP: 'fd00::5' }
    ]
  },
  text: { _tag: 'Known', digest: `sha256:${'1'.repeat(64)}` }, parent: `sha256:${'2'.repeat(64)}`, spec: `sha256:${'3'.repeat(64)}`, ids: '0:5:10'
}

const act = <Tag extends Do['_tag']>(_tag: Tag): Act<Tag> => ({ ...ALL, _tag }) as unknown as Act<Tag>

it.each<readonly [(Do | Undo)['_tag'], string]>([
  ['HoldLease', 'l'], ['ReleaseLease', 'l'], ['DropLease', 'l'], ['CheckAccess', 'n'], ['PullImage', 'n'], ['VerifyImage', 'n'], ['UnpackImage', 'n'],
  ['LoadImage', 'i'], ['OwnImage', 'i'], ['RemoveImage', 'i'], ['MakeDirectory', 'p'], ['WriteFile', 'p'], ['RemoveFile', 'p'], ['PinSource', 'p'], ['UnpinSource', 'p'], ['InspectPaths', 'c'],
  ['InspectMounts', 'c'], ['PrepareSnapshot', 'k'], ['RemoveSnapshot', 'k'], ['CreateContainer', 'c'], ['CreateTask', 'c'],
  ['StartTask', 'c'], ['SendSignal', 'c'], ['AwaitExit', 'c'], ['DeleteContainer', 'c'], ['DeleteTask', 'c'], ['KillTask', 'c'], ['Keep', 'b'],
  ['MakeStreams', 'p'], ['CreateExec', 'e'], ['StartExec', 'e'], ['ResizeExec', 'e'], ['CloseInput', 'e'], ['KillExec', 'e'], ['DeleteExec', 'e'],
  ['RemoveStreams', 'p'], ['MakeNamespace', 'p'], ['RemoveNamespace', 'p'], ['JoinNetwork', 'c'], ['LeaveNetwork', 'c'], ['ShareNamespace', 'p'], ['AcceptForwarded', 'br'], ['NoteUse', 'i'], ['CollectImage', 'i'], ['SetAside', 'c']
])('%s is about %s', (_tag, target) => { expect(targetOf({ ...ALL, _tag } as unknown as Do)).toBe(target) })

it.each<readonly [Do['_tag'], string]>([
  ['WriteFile', 'p with sha256:111111111111'], ['PinSource', 'o at p'], ['PrepareSnapshot', 'k from sha256:222222222222, ids 0:5:10'],
  ['CreateContainer', 'c with sha256:333333333333'], ['SendSignal', 'c 15'], ['AwaitExit', 'c 5 ms, then signal 9'], ['StartTask', 'c'],
  ['MakeStreams', 'p: stdout, stderr'], ['CreateExec', 'e in c with sha256:444444444444'], ['ResizeExec', 'e 80 × 25'],
  ['PullImage', 'n, if /v lets it in'], ['LoadImage', 'i from p, if /v lets it in'], ['VerifyImage', 'n as sha256:555555555555 by /v'],
  ['MakeNamespace', 'p'], ['ShareNamespace', 'p of task db of this allocation'], ['AcceptForwarded', 'br for 10.0.0.0/8, fd00::/64'],
  ['JoinNetwork', `c to tasks of ${digestOf('{}').slice(0, 19)}; ports 10.0.0.5:8080→80/tcp+udp, 53→53/udp, [fd00::5]:443→443/tcp; args A=b`]
])('%s reads as %s', (_tag, text) => { expect(textOf(act(_tag))).toBe(text) })

it.each<readonly [Do['_tag'], Undo]>([
  ['HoldLease', { _tag: 'DropLease', lease: 'l' }],
  ['WriteFile', { _tag: 'RemoveFile', path: 'p' }],
  ['PinSource', { _tag: 'UnpinSource', path: 'p' }],
  ['PrepareSnapshot', { _tag: 'RemoveSnapshot', snapshotter: 's', key: 'k' }],
  ['CreateContainer', { _tag: 'DeleteContainer', container: 'c' }],
  ['CreateTask', { _tag: 'DeleteTask', container: 'c' }],
  ['StartTask', { _tag: 'KillTask', container: 'c' }],
  ['MakeStreams', { _tag: 'RemoveStreams', path: 'p' }],
  ['CreateExec', { _tag: 'DeleteExec', container: 'c', exec: 'e' }],
  ['StartExec', { _tag: 'KillExec', container: 'c', exec: 'e' }],
  ['LoadImage', { _tag: 'RemoveImage', image: 'i' }],
  ['OwnImage', { _tag: 'RemoveImage', image: 'i' }],
  ['PullImage', { _tag: 'Keep', because: 'images are shared' }],
  ['MakeNamespace', { _tag: 'RemoveNamespace', path: 'p' }],
  ['ShareNamespace', { _tag: 'RemoveNamespace', path: 'p' }],
  ['JoinNetwork', { ...ALL, _tag: 'LeaveNetwork' } as unknown as Undo]
])('%s is taken back by its undo', (_tag, undo) => { expect(undoOf(act(_tag))).toEqual(undo) })

it('what makes something has an undo, or says why it is kept; what only looks keeps nothing back', () => {
  const tags = Object.keys(ACTS) as ReadonlyArray<Do['_tag']>
  expect(tags.filter((tag) => symbolOf(act(tag)) !== '+' && undoOf(act(tag))._tag !== 'Keep')).toEqual([])
})

it('an act and an undo are read as they were written, and others are not', () => {
  const acts = codecOf(ACTS)
  const pull: Do = { _tag: 'PullImage', name: 'n', platform: '', lease: 'l', ahead: { snapshotter: 's', maxBytes: 3, parallel: 4 }, verifier: NO_VERIFIER, hosts: '', silenceMs: 1, timeoutMs: 1, maxLayers: 2, maxBytes: 3, parallel: 4 }
  expect(acts.decode(JSON.parse(JSON.stringify(pull)))).toMatchObject({ _tag: 'Right', right: pull })
  expect(acts.decode({ ...pull, parallel: '4' })._tag).toBe('Left')
  expect(acts.decode({ ...pull, _tag: 'Pull' })._tag).toBe('Left')
  expect(undos.decode([{ _tag: 'DropLease', lease: 'l' }])._tag).toBe('Right')
  expect(undos.decode([{ _tag: 'DropLease' }])._tag).toBe('Left')
})
