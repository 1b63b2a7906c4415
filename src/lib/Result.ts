import { Compiled } from '../core/compile/Compiled'
import { Json } from '../core/domain/Json'
import { Named } from '../core/domain/Unknown'
import { Plan } from '../core/plan/Plan'
import { Documents, Issue, Notice } from './Told'

/** Every reason why an input is refused, and what is worth a word. */
export interface Refused {
  readonly ok: false
  readonly issues: ReadonlyArray<Issue>
  readonly notices: ReadonlyArray<Notice>
}

/**
 * What a task compiles to. `document` is all of it as one JSON value, as `compile --full` prints it: what `diff` and
 * `redact` take.
 */
export interface CompiledTask {
  readonly ok: true
  /** With names where numbers are not known: `${image.user.nobody.uid}` (docs/sample.md). */
  readonly compiled: Named<Compiled>
  readonly document: Json
  readonly notices: ReadonlyArray<Notice>
}

/** What is done to run a task: the fetch of its image, unless it is never pulled, then the start. */
export interface PlannedTask {
  readonly ok: true
  readonly plans: ReadonlyArray<Plan>
  readonly notices: ReadonlyArray<Notice>
}

/** A task of a job: its name, `group/task`, and what the driver would receive of it. */
export interface JobTask {
  readonly name: string
  readonly documents: Documents
  readonly notices: ReadonlyArray<Notice>
  /**
   * Values of the task's environment that its config has too (`args = ["${TOKEN}"]`), by name: `redact` hides them
   * there.
   */
  readonly spread: Readonly<Record<string, string>>
}

/** The tasks of a job that are this driver's, in the order of the file. `notices` tells of the others. */
export interface JobTasks {
  readonly ok: true
  readonly tasks: ReadonlyArray<JobTask>
  readonly notices: ReadonlyArray<Notice>
}
