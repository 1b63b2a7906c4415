import type { Position } from '../domain/Position'

/**
 * Where the parts of one task (or of the plugin's config) are written, by the path that Issues use: `task` is the task
 * block, `task.image` an option, `allocation.env.NAME` a variable. Ask it through `placeOf`.
 */
export type Places = Readonly<Record<string, Position>>

/** The places of every task of a job by `group/task`; those of the plugin's config by `plugin`. */
export type Positions = Readonly<Record<string, Places>>
