import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Mark } from '../../core/domain/mark'
import { Process } from '../../core/domain/Oci'
import { Facts } from '../../core/facts/Facts'
import { Question } from '../../core/facts/Question'
import { Disk, SeenImages } from '../../core/gc/SeenImages'
import { ContainerRecord } from '../../core/plan/undosOfRecord'
import { Seen } from '../../core/reap/Seen'
import { Exit } from '../../core/watch/exitOf'
import { Reading } from '../../core/watch/Reading'
import { Observed } from '../../core/watch/recoverOf'

/** What containerd says it is, and the version of the runc beside it where there is one. */
export interface Version {
  readonly version: string
  readonly revision: string
  readonly runc?: string
}

/** Reads again and again what one task uses. */
export interface Gauge {
  /** What it uses now; undefined when nobody can tell. */
  readonly read: (atMs: number) => Promise<E.Either<Failure, Reading | undefined>>
  /** Gives back what it holds. */
  readonly close: () => void
}

/** Who looks at an image: `id` names what is made for the look, which carries owner and mark until it is removed. */
export interface Looker {
  readonly id: string
  readonly owner: string
  readonly mark: Mark
}

/** Somebody without a task: what is made for the look is its own, and has no mark. */
export const Looker = (id: string): Looker => ({ id, owner: id, mark: {} })

/** What is looked for: all that carries the mark of an agent, or of any where none is named, and where it may be. */
export interface Marked {
  readonly node: string | undefined
  readonly stateDirectory: string
  readonly snapshotters: ReadonlyArray<string>
}

/** What can be learned from a machine without changing it; the one exception is `noteExit`, which makes it remember. */
export interface Reads {
  /** Answers questions about host and image. What is made for the look is removed with it. */
  readonly answer: (
    questions: ReadonlyArray<Question>,
    looker: Looker,
    signal: AbortSignal
  ) => TE.TaskEither<Failure, Facts>
  /** What is known of a container and its task. */
  readonly observe: (container: string) => TE.TaskEither<Failure, Observed>
  /** Waits for the end of a task as long as it takes, or until the signal fires (`Cancelled`). */
  readonly exit: (container: string, signal: AbortSignal) => TE.TaskEither<Failure, Exit>
  /** Keeps an exit with its container, for when containerd forgets it. A container that is gone needs none. */
  readonly noteExit: (container: string, exit: Exit) => TE.TaskEither<Failure, void>
  /** The containers that an owner made. */
  readonly records: (owner: string) => TE.TaskEither<Failure, ReadonlyArray<ContainerRecord>>
  /** Nomad's ids of the runs of a task that have a container: its allocation and its name say which task. */
  readonly runs: (allocId: string, task: string) => TE.TaskEither<Failure, ReadonlyArray<string>>
  /** The process that the spec of an owner's container describes; undefined when the owner has no such container. */
  readonly process: (container: string, owner: string) => TE.TaskEither<Failure, Process | undefined>
  /**
   * Waits for the end of a process beside a task's own, as long as it takes or until the signal fires (`Cancelled`).
   */
  readonly execExit: (container: string, exec: string, signal: AbortSignal) => TE.TaskEither<Failure, Exit>
  /** The names in a directory that the driver made for a container; none when it is not there. */
  readonly namesIn: (directory: string) => TE.TaskEither<Failure, ReadonlyArray<string>>
  /** What the driver made on this host and in this containerd. */
  readonly seen: (wanted: Marked) => TE.TaskEither<Failure, Seen>
  /** All images and who uses them, whoever made either. Sizes count what is unpacked into this snapshotter. */
  readonly images: (snapshotter: string) => TE.TaskEither<Failure, SeenImages>
  /** The file system that holds containerd's root. */
  readonly disk: () => TE.TaskEither<Failure, Disk>
  /** What reads again and again what a task uses; whoever made it closes it. */
  readonly gauge: (container: string) => Gauge
  readonly version: () => TE.TaskEither<Failure, Version>
}
