import { Events } from './Events'
import { End, Task } from './Life'

/**
 * Tells the owner of a task that the kernel killed processes of it for want of memory, where the task itself ended
 * another way: its own exit is what counts, and says nothing of them.
 */
export const tellKills = (events: Events, { id, name }: Pick<Task, 'id' | 'name'>, { exit }: End): void => {
  const { oomKills, oomKilled, code } = exit
  if (oomKills === 0 || oomKilled) return
  const what = oomKills === 1 ? 'a process' : `${String(oomKills)} processes`
  events.emit({
    taskId: id,
    // Nomad's ids of tasks begin with their allocation.
    allocId: id.split('/')[0] ?? '',
    taskName: name,
    message: `Out of memory: the kernel killed ${what} of this task (OOM); the task itself ended with exit code `
      + `${String(code)}. To give it more, raise memory or memory_max in its resources`,
    annotations: { oom_kills: String(oomKills) }
  })
}
