import * as E from 'fp-ts/Either'

import { PluginConfig } from '../core/decode/PluginConfig'
import { Ports } from '../effects/ports/Ports'
import { Events } from './Events'
import { ImageClaims } from './ImageClaims'
import { Life, lifeOf, Task } from './Life'
import { Once } from './Once'
import { Answer } from './Refused'
import { Sampler } from './Sampler'
import { UnderWay } from './UnderWay'

/** The operator's configuration, as it came and as it was decoded. */
export interface Configured {
  readonly document: unknown
  readonly config: PluginConfig
  /** MHz of one core; undefined when Nomad does not say. */
  readonly mhzPerCore: number | undefined
}

/** The only mutable state of the process, and nothing in it that cannot be lost. */
export interface Driver {
  readonly ports: Ports
  /** Every task that this process knows, by Nomad's id. */
  readonly lives: Map<string, Life>
  readonly events: Events
  readonly sampler: Sampler
  /** A number that no process beside a task's own had before. */
  readonly nextExec: () => number
  /** The processes beside a task's own that are not taken back yet, by the task's container. */
  readonly execs: UnderWay
  /** Those of them that are being begun. */
  readonly beginnings: UnderWay
  /** Which agent it is, once a start or a recovery has said it, and the last look for what is nobody's. */
  readonly reaping: { readonly node: Once<string>; last: Promise<void> }
  /** Images that something is started with, and the last look for those that nothing uses. */
  readonly images: ImageClaims
  readonly collecting: { last: Promise<void> }
  readonly configure: (configured: Configured) => void
  /** The configuration; refused while there is none. */
  readonly configured: () => Answer<Configured>
}

export const Driver = (ports: Ports): Driver => {
  let current: Configured | undefined
  let numbers = 0
  return {
    ports,
    lives: new Map(),
    events: Events(),
    nextExec: () => (numbers += 1),
    execs: UnderWay(),
    beginnings: UnderWay(),
    sampler: Sampler(ports.clock),
    reaping: { node: Once<string>(), last: Promise.resolve() },
    images: ImageClaims(ports.clock),
    collecting: { last: Promise.resolve() },
    configure: (next) => { current = { ...next, mhzPerCore: next.mhzPerCore ?? current?.mhzPerCore } },
    configured: () => (current === undefined ? E.left({ _tag: 'NotConfigured' }) : E.right(current))
  }
}

/** The agent whose driver this is says who it is; one that does not say is none. */
export const learn = ({ reaping: { node } }: Driver, id: string): void => { if (id !== '') node.settle(id) }

/** Knows a task from now on; its life ends when the task does. */
export const keep = ({ lives }: Driver, task: Task): void => {
  lives.set(task.id, lifeOf(task))
  void task.ended.wait().then((end) => {
    if (end !== undefined) task.telling.ended(end.exit)
    const life = lives.get(task.id)
    if (life?._tag === 'Running' && life.task === task) lives.set(task.id, lifeOf(task))
  })
}

/** The task of an id, once it was started and until it is destroyed. */
export const startedTask = ({ lives }: Driver, id: string): Answer<Task> => {
  const life = lives.get(id)
  return life !== undefined && 'task' in life ? E.right(life.task) : E.left({ _tag: 'NoSuchTask' })
}
