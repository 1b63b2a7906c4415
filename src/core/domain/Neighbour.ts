import * as t from 'io-ts'

/**
 * Another container of this containerd, whose network a task joins: that of a task of the same allocation, whatever
 * Nomad calls its run, or one by its id.
 */
export const neighbour = t.union([
  t.readonly(t.type({ _tag: t.literal('Task'), allocId: t.string, task: t.string })),
  t.readonly(t.type({ _tag: t.literal('Container'), id: t.string }))
])

export type Neighbour = t.TypeOf<typeof neighbour>

/** As people read it. */
export const neighbourText = (of: Neighbour): string =>
  of._tag === 'Task' ? `task ${of.task} of this allocation` : `container ${of.id}`
