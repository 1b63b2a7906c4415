import { lawBrokenBy } from './search'
import { Step } from './Step'

/** What the simulation found in the driver, in its shortest words. Each broke a law until it was mended. */
const found: ReadonlyArray<readonly [string, ReadonlyArray<Step>]> = [
  ['a process that outlived SIGKILL lost the record, which alone leads to it', [
    { _tag: 'Start', task: 0, program: ['hang=70000'], ms: 0 }
  ]],
  ['a driver killed during a start left generated files that nothing named', [
    { _tag: 'Start', task: 1, program: [], ms: 227 }, { _tag: 'Kill', ms: 0 }, { _tag: 'Return', ms: 0 }
  ]],
  ['a task without a container left its files and pins when it was recovered', [
    { _tag: 'Start', task: 0, program: [], ms: 500 }, { _tag: 'Remove', task: 0, ms: 0 }, { _tag: 'Kill', ms: 0 }, { _tag: 'Return', ms: 500 }
  ]],
  ['a destroy without force ended a running task that the process did not know', [
    { _tag: 'Start', task: 2, program: [], ms: 500 }, { _tag: 'GoDown', ms: 0 }, { _tag: 'Kill', ms: 0 }, { _tag: 'Return', ms: 500 },
    { _tag: 'ComeUp', remembers: true, ms: 0 }, { _tag: 'Destroy', task: 2, force: false, ms: 500 }
  ]],
  ['an exit that could not be noted once was never noted', [
    { _tag: 'Start', task: 2, program: [], ms: 500 }, { _tag: 'Trouble', inCalls: 2, wrong: { _tag: 'Throw' }, ms: 0 },
    { _tag: 'Stop', task: 2, withinMs: 0, signal: '', ms: 500 }
  ]],
  ['an exit that was found by a recovery was not noted', [
    { _tag: 'Start', task: 0, program: ['exit=0@153'], ms: 500 }, { _tag: 'Kill', ms: 500 }
  ]],
  ['a stop of a running task that the process did not know was said to be done', [
    { _tag: 'Start', task: 0, program: [], ms: 500 }, { _tag: 'GoDown', ms: 0 }, { _tag: 'Kill', ms: 0 }, { _tag: 'Return', ms: 500 },
    { _tag: 'ComeUp', remembers: true, ms: 0 }, { _tag: 'Stop', task: 0, withinMs: 0, signal: 'SIGTERM', ms: 500 }
  ]],
  ['a start of which the agent was killed ran on beside the next one', [
    { _tag: 'Start', task: 0, program: [], ms: 100 }, { _tag: 'Leave', ms: 0 }, { _tag: 'Return', ms: 0 }, { _tag: 'Start', task: 0, program: [], ms: 1000 }
  ]],
  ['a start whose answer the agent did not hear ran on beside the next one', [
    { _tag: 'Start', task: 0, program: [], ms: 327 }, { _tag: 'Leave', ms: 500 }, { _tag: 'Return', ms: 0 }, { _tag: 'Start', task: 0, program: [], ms: 1000 }
  ]],
  ['a task that could not be found again ran on beside the next one', [
    { _tag: 'Start', task: 0, program: [], ms: 500 }, { _tag: 'GoDown', ms: 0 }, { _tag: 'Kill', ms: 0 }, { _tag: 'Return', ms: 500 },
    { _tag: 'ComeUp', remembers: true, ms: 0 }, { _tag: 'Start', task: 0, program: [], ms: 1000 }
  ]],
  ['of a command in a task whose shim died while the driver was away the pipes were left', [
    { _tag: 'Start', task: 0, program: [], ms: 500 }, { _tag: 'Exec', task: 0, command: ['sim', 'ignore'], withinMs: 0, at: 'whole', ms: 500 },
    { _tag: 'Kill', ms: 0 }, { _tag: 'KillShim', task: 0, ms: 500 }
  ]],
  ['pipes of commands that could not be looked for once were never looked for again', [
    { _tag: 'Start', task: 1, program: [], isSameId: false, ms: 348 }, { _tag: 'Exec', task: 1, command: ['sim', 'exit=0@483'], withinMs: 0, at: 'whole', ms: 500 },
    { _tag: 'Kill', ms: 0 }, { _tag: 'Trouble', inCalls: 2, wrong: { _tag: 'Throw' }, ms: 0 }, { _tag: 'Return', ms: 503 }
  ]],
  ['pipes of a command whose task was over were left when one call for them hung', [
    { _tag: 'Start', task: 2, program: [], isSameId: false, ms: 500 }, { _tag: 'Trouble', inCalls: 5, wrong: { _tag: 'Late', isDone: false }, ms: 0 },
    { _tag: 'Exec', task: 2, command: ['sim', 'oom@0'], withinMs: 0, at: 'whole', ms: 0 }, { _tag: 'KillShim', task: 2, ms: 15 }
  ]],
  ['pipes of a command were left when containerd went away while its task was destroyed', [
    { _tag: 'Start', task: 1, program: [], isSameId: false, ms: 500 },
    { _tag: 'Exec', task: 1, command: ['sim', 'keep', 'handle=7@10'], withinMs: 0, at: 'whole', ms: 9 },
    { _tag: 'Destroy', task: 1, force: true, ms: 18 }, { _tag: 'GoDown', ms: 500 }
  ]],
  ['a command that was being begun while its task was destroyed left its pipes', [
    { _tag: 'Start', task: 2, program: [], isSameId: false, ms: 500 }, { _tag: 'Trouble', inCalls: 13, wrong: { _tag: 'Throw' }, ms: 500 },
    { _tag: 'Exec', task: 2, command: ['sim', 'ignore'], withinMs: 0, at: 'whole', ms: 0 },
    { _tag: 'Destroy', task: 2, force: true, ms: 0 }, { _tag: 'Start', task: 0, program: [], isSameId: false, ms: 15 }
  ]],
  ['a run that was taken back by half, for a start of the same task, kept the pipes of its commands', [
    { _tag: 'Start', task: 2, program: ['hang=20000'], isSameId: false, ms: 500 },
    { _tag: 'Exec', task: 2, command: ['sim', 'oom@0'], withinMs: 0, at: 'whole', ms: 6 }, { _tag: 'Kill', ms: 500 },
    { _tag: 'Trouble', inCalls: 0, wrong: { _tag: 'Refuse', failure: 'Unavailable' }, ms: 0 }, { _tag: 'Return', ms: 500 },
    { _tag: 'Start', task: 2, program: [], isSameId: false, ms: 500 }, { _tag: 'GoDown', ms: 0 }
  ]]
]

describe('what the simulation found stays mended', () => {
  it.each(found)('%s', async (_what, steps) => {
    expect(await lawBrokenBy(steps)).toBeUndefined()
  })
})
