import * as t from 'io-ts'

import { attachment } from '../domain/Cni'
import { neighbour, neighbourText } from '../domain/Neighbour'
import { attachmentText } from './attachmentText'
import { ahead, asked, bounds } from './fetching'
import { digestIn, fileText, fillerOf } from './FileText'
import { StepId } from './Output'
import { Fields, TextOf, ValuesOf } from './Row'
import { runtimeOptions } from './runtimeOptions'
import { Undo } from './Undo'
import { asksFor, asVerified, verifier } from './Verifier'

/** What is known of one kind of act. */
interface Row<F extends Fields> {
  readonly fields: F
  /** Makes something, takes something away, only looks, or tells a task something. */
  readonly symbol: '+' | '-' | '?' | '!'
  /** The one thing that it is about: with the tag it names a step. */
  readonly target: TextOf<F>
  /** What people read of it; the target alone when left out. */
  readonly text?: (act: ValuesOf<F>) => string
  /** The earlier steps whose outputs it needs; none when left out. */
  readonly from?: (act: ValuesOf<F>) => ReadonlyArray<StepId>
  readonly undo: (act: ValuesOf<F>) => Undo
}

const act = <F extends Fields>(fields: F, row: Omit<Row<F>, 'fields'>): Row<F> => ({ fields, ...row })

const keep = (because: string) => (): Undo => ({ _tag: 'Keep', because })

const SHORT = 'sha256:'.length + 12

/** A digest as people compare it: its first twelve digits. */
const short = (digest: string): string => digest.slice(0, SHORT)

const texts = t.readonlyArray(t.string)

const textMap = t.readonly(t.record(t.string, t.string))

/** A process beside a task's own: the container that it runs in, and the name under which containerd knows it there. */
const execution = { container: t.string, exec: t.string }

/** Everything that can be done to a machine, a row each. Data only: no handles, no closures, no secrets. */
export const ACTS = {
  HoldLease: act({ lease: t.string, expiresInSeconds: t.number }, {
    symbol: '+', target: 'lease', undo: ({ lease }) => ({ _tag: 'DropLease', lease })
  }),
  ReleaseLease: act({ lease: t.string }, { symbol: '-', target: 'lease', undo: keep('a record holds what it held') }),
  CheckAccess: act({ name: t.string, ...asked, timeoutMs: t.number }, {
    symbol: '?', target: 'name', undo: keep('it only asks')
  }),
  PullImage: act({ name: t.string, platform: t.string, lease: t.string, ahead, verifier, ...asked, ...bounds }, {
    symbol: '+', target: 'name',
    text: ({ name, verifier: who }) => asksFor(name, who),
    undo: keep('images are shared')
  }),
  VerifyImage: act({ name: t.string, digest: t.string, verifier }, {
    symbol: '?', target: 'name',
    text: ({ name, digest, verifier: who }) => asVerified(name, digest === '' ? digest : short(digest), who),
    undo: keep('it only asks')
  }),
  UnpackImage: act({ name: t.string, platform: t.string, lease: t.string, snapshotter: t.string, ...bounds }, {
    symbol: '+', target: 'name', undo: keep('images are shared')
  }),
  LoadImage: act({
    image: t.string, transport: t.string, path: t.string, below: t.string, named: t.string, platform: t.string,
    lease: t.string, timeoutMs: t.number, maxLayers: t.number, maxBytes: t.number, verifier
  }, {
    symbol: '+', target: 'image',
    text: ({ image, path, verifier: who }) => asksFor(`${image} from ${path}`, who),
    undo: ({ image }) => ({ _tag: 'RemoveImage', image })
  }),
  OwnImage: act({ image: t.string }, {
    symbol: '+', target: 'image', undo: ({ image }) => ({ _tag: 'RemoveImage', image })
  }),
  NoteUse: act({ image: t.string, digest: t.string, atMs: t.number }, {
    symbol: '!', target: 'image', undo: keep('the next note takes its place')
  }),
  CollectImage: act({ image: t.string, digest: t.string, node: t.string }, {
    symbol: '-', target: 'image', undo: keep('it can be pulled again')
  }),
  MakeNamespace: act({ path: t.string }, {
    symbol: '+', target: 'path', undo: ({ path }) => ({ _tag: 'RemoveNamespace', path })
  }),
  ShareNamespace: act({ path: t.string, of: neighbour, withinMs: t.number }, {
    symbol: '+', target: 'path', text: ({ path, of }) => `${path} of ${neighbourText(of)}`,
    undo: ({ path }) => ({ _tag: 'RemoveNamespace', path })
  }),
  JoinNetwork: act(attachment, {
    symbol: '+', target: 'container', text: attachmentText, undo: (joined) => ({ ...joined, _tag: 'LeaveNetwork' })
  }),
  AcceptForwarded: act({ device: t.string, subnets: texts }, {
    symbol: '+', target: 'device', text: ({ device, subnets }) => `${device} for ${subnets.join(', ')}`,
    undo: keep('all tasks on the bridge share the rule')
  }),
  MakeDirectory: act({ path: t.string }, { symbol: '+', target: 'path', undo: keep('volumes outlive their tasks') }),
  WriteFile: act({ path: t.string, text: fileText }, {
    symbol: '+', target: 'path',
    text: ({ path, text }) => [`${path} with ${short(digestIn(text))}`, ...fillerOf(text)].join(' and '),
    from: ({ text }) => fillerOf(text),
    undo: ({ path }) => ({ _tag: 'RemoveFile', path })
  }),
  PinSource: act({ path: t.string, source: t.string, kind: t.keyof({ directory: 1, file: 1 }), recursive: t.boolean }, {
    symbol: '+', target: 'path',
    text: ({ path, source }) => `${source} at ${path}`,
    undo: ({ path }) => ({ _tag: 'UnpinSource', path })
  }),
  InspectMounts: act({ container: t.string, places: texts, pins: textMap }, {
    symbol: '?', target: 'container', undo: keep('a look changes nothing')
  }),
  InspectPaths: act({ container: t.string, below: t.string, paths: texts, streams: texts }, {
    symbol: '?', target: 'container', undo: keep('a look changes nothing')
  }),
  PrepareSnapshot: act({ snapshotter: t.string, key: t.string, parent: t.string, ids: t.string }, {
    symbol: '+', target: 'key',
    text: ({ key, parent, ids }) => `${key} from ${short(parent)}${ids === '' ? '' : `, ids ${ids}`}`,
    undo: ({ snapshotter, key }) => ({ _tag: 'RemoveSnapshot', snapshotter, key })
  }),
  CreateContainer: act({
    container: t.string, labels: textMap, image: t.string, runtime: t.string, options: runtimeOptions,
    snapshotter: t.string, key: t.string, spec: t.string
  }, {
    symbol: '+', target: 'container',
    text: ({ container, spec }) => `${container} with ${short(spec)}`,
    undo: ({ container }) => ({ _tag: 'DeleteContainer', container })
  }),
  CreateTask: act({ container: t.string, rootfs: t.string, stdout: t.string, stderr: t.string, terminal: t.boolean }, {
    symbol: '+', target: 'container',
    from: ({ rootfs }) => [rootfs],
    undo: ({ container }) => ({ _tag: 'DeleteTask', container })
  }),
  StartTask: act({ container: t.string }, {
    symbol: '+', target: 'container', undo: ({ container }) => ({ _tag: 'KillTask', container })
  }),
  SendSignal: act({ container: t.string, signal: t.number }, {
    symbol: '!', target: 'container',
    text: ({ container, signal }) => `${container} ${String(signal)}`,
    undo: keep('a signal cannot be taken back')
  }),
  AwaitExit: act({ container: t.string, withinMs: t.number, thenSignal: t.number }, {
    symbol: '!', target: 'container',
    text: ({ container, withinMs, thenSignal }) =>
      `${container} ${String(withinMs)} ms, then signal ${String(thenSignal)}`,
    undo: keep('a signal cannot be taken back')
  }),
  MakeStreams: act({ path: t.string, names: texts }, {
    symbol: '+', target: 'path',
    text: ({ path, names }) => `${path}: ${names.join(', ')}`,
    undo: ({ path }) => ({ _tag: 'RemoveStreams', path })
  }),
  CreateExec: act({
    ...execution, process: t.string, stdin: t.string, stdout: t.string, stderr: t.string, terminal: t.boolean
  }, {
    symbol: '+', target: 'exec',
    text: ({ container, exec, process }) => `${exec} in ${container} with ${short(process)}`,
    undo: ({ container, exec }) => ({ _tag: 'DeleteExec', container, exec })
  }),
  StartExec: act(execution, {
    symbol: '+', target: 'exec', undo: ({ container, exec }) => ({ _tag: 'KillExec', container, exec })
  }),
  ResizeExec: act({ ...execution, width: t.number, height: t.number }, {
    symbol: '!', target: 'exec',
    text: ({ exec, width, height }) => `${exec} ${String(width)} × ${String(height)}`,
    undo: keep('the next size takes its place')
  }),
  CloseInput: act(execution, { symbol: '!', target: 'exec', undo: keep('what has ended does not begin again') })
}
