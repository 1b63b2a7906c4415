import { StartTaskResponse, TaskConfig } from '../../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from './allocation'
import { ask, Plugin } from './plugin'

/** A port of the group, as Nomad gives it to a task. */
export interface Port { readonly label: string; readonly value: number; readonly to?: number; readonly hostIp?: string }

/** A task with ports of its group. */
export interface Wanted extends Omit<Parameters<typeof makeAllocation>[0], 'config'> {
  readonly config: Readonly<Record<string, unknown>>
  readonly ports?: ReadonlyArray<Port>
  readonly more?: Partial<TaskConfig>
}

export interface Started {
  readonly one: Allocation
  readonly task: TaskConfig
  readonly answer: StartTaskResponse
}

/** Tasks of a test, of which none is left behind: `endAll` ends what a test that failed has not. */
export interface Tasks {
  readonly taskOf: (wanted: Wanted) => Pick<Started, 'one' | 'task'>
  readonly start: (wanted: Wanted) => Promise<Started>
  readonly end: (started: Pick<Started, 'one' | 'task'>) => Promise<void>
  /** What a task prints until it ends by itself. */
  readonly printed: (wanted: Wanted) => Promise<string>
  readonly endAll: () => Promise<void>
}

/** Tasks of the plugin that a test has at the moment; ports are those of an address of the host. */
export const Tasks = (plugin: () => Plugin, hostIp: string): Tasks => {
  const open = new Set<string>()
  const made = new Set<Allocation>()
  const taskOf = ({ ports = [], more = {}, ...wanted }: Wanted): Pick<Started, 'one' | 'task'> => {
    const one = makeAllocation(wanted)
    made.add(one)
    const resources = { ...one.config.resources, ports: ports.map((port) => ({ to: 0, hostIp, ...port })) }
    return { one, task: TaskConfig.fromPartial({ ...one.config, ...more, resources }) }
  }
  const start = async (wanted: Wanted): Promise<Started> => {
    const { one, task } = taskOf(wanted)
    open.add(task.id)
    return { one, task, answer: await ask<StartTaskResponse>((done) => plugin().driver.startTask({ task }, done)) }
  }
  const end = async ({ one, task }: Pick<Started, 'one' | 'task'>): Promise<void> => {
    await ask((done) => plugin().driver.destroyTask({ taskId: task.id, force: true }, done))
    open.delete(task.id)
    one.remove()
  }
  return {
    taskOf, start, end,
    printed: async (wanted) => {
      const started = await start(wanted)
      await started.one.outputEnds
      const text = started.one.stdout()
      await end(started)
      return text
    },
    endAll: async () => {
      for (const taskId of open) await ask((done) => plugin().driver.destroyTask({ taskId, force: true }, done))
      open.clear()
      for (const one of made) one.remove()
      made.clear()
    }
  }
}
