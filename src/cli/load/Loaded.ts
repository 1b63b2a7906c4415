import { DocumentPath } from '../../core/domain/DocumentPath'
import { Json } from '../../core/domain/Json'
import { Notice } from '../../core/domain/Notice'
import { FilePlace } from '../../core/format/Outcome'
import { Place } from '../../core/job/Job'
import { Offline } from '../../core/offline'
import { Files } from './Files'

/** A task of a job or of a fixture directory, ready to be compiled. */
export interface Loaded {
  readonly file: string
  /** `group/task`; `""` for a fixture directory, which holds one task. */
  readonly task: string
  readonly offline: Offline
  /** Where it stands in its job; absent for a fixture directory. */
  readonly place?: Place
  readonly notices: ReadonlyArray<Notice>
  /** Where an option stands, by its path as Issues have it; at least in which file. */
  readonly placeOf: (at: DocumentPath) => FilePlace
}

/** The tasks of a job that other drivers run, with the names of these. */
export type Drivers = Readonly<Record<string, string>>

/**
 * What one input holds: tasks, or finished documents by name (a bare spec, what `compile --full` printed, a golden).
 */
export type Opened =
  | {
      readonly _tag: 'Tasks'
      readonly file: string
      readonly tasks: ReadonlyArray<Loaded>
      readonly elsewhere: Drivers
      readonly notices: ReadonlyArray<Notice>
    }
  | { readonly _tag: 'Documents'; readonly file: string; readonly documents: Readonly<Record<string, Json>> }

/** The options that say what surrounds a job. */
export interface LoadOptions {
  readonly task?: string
  readonly plugin?: string
  readonly imageConfig?: string
  readonly facts?: string
  readonly lock?: string
  readonly var?: ReadonlyArray<string>
  readonly varFile?: ReadonlyArray<string>
  /** Directories that jobs may read from too, by `file` and its like. */
  readonly filesBelow?: ReadonlyArray<string>
  /** Where all of these are read from; the disk when left out. */
  readonly files?: Files
}

/** The name of a task among all that was loaded: `file group/task`. */
export const nameOf = ({ file, task }: Pick<Loaded, 'file' | 'task'>): string =>
  task === '' ? file : `${file} ${task}`
