import { Json } from '../domain/Json'

/** The document that a cause stands in. `image` is the config of the image, `driver` is what no document decides. */
export type Origin = 'task' | 'plugin' | 'allocation' | 'image' | 'driver'

/** Why a part of the outcome is as it is: an option that was given, or the default of one that was not. */
export interface Cause {
  readonly origin: Origin
  /** Path of the option as Issues write it: `task.mounts[0]`, `allocation.env.PATH`, `image.config.Cmd`. */
  readonly at: string
  readonly isDefault: boolean
}

/** A part of the outcome and what caused it. */
export interface Explained {
  readonly pointer: string
  readonly key: string
  readonly value: Json
  readonly causes: ReadonlyArray<Cause>
}
