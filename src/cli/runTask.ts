import * as E from 'fp-ts/Either'

import { Compiled } from '../core/compile/Compiled'
import { Failure } from '../core/domain/Failure'
import { undosOf } from '../core/plan/Plan'
import { planStart, planStop } from '../core/plan/plans'
import { render } from '../core/plan/render'
import * as explain from '../core/report/explain'
import { RolledBack } from '../core/report/Report'
import { Request } from '../core/resolve/Request'
import { needsOf, translate } from '../core/translate'
import { Containerd } from '../effects/containerd/Containerd'
import { machine } from '../effects/containerd/machine'
import * as tasks from '../effects/containerd/tasks'
import { execute, revertAll } from '../effects/execute'
import { prepare } from '../effects/prepare'
import { RunDirs } from './runDirs'

const STOP_MS = 5000

/** How a run ended: the task's exit code, or why it did not run. */
export type Ran = E.Either<{ readonly exitCode: number; readonly text: string }, number>

const say = (text: string): void => { process.stderr.write(text) }

/** Runs one task from its plan, copies its output, waits for it and takes everything back. */
export const runTask = async (containerd: Containerd, request: Request, dirs: RunDirs): Promise<Ran> => {
  const facts = await prepare(containerd, needsOf(request), new Map())
  if (E.isLeft(facts)) return E.left({ exitCode: 2, text: spoken(facts.left) })
  const compiled = translate(request, facts.right)
  return E.isLeft(compiled)
    ? E.left({ exitCode: 2, text: explain.issues(compiled.left) })
    : runCompiled(containerd, compiled.right, dirs)
}

const spoken = (left: Failure | RolledBack): string =>
  `${left._tag === 'RolledBack' ? explain.report(left) : explain.failure(left)}\n`

const runCompiled = async (containerd: Containerd, compiled: Compiled, dirs: RunDirs): Promise<Ran> => {
  const plan = planStart(compiled)
  const runner = machine(containerd)
  const { id } = compiled.container
  say(`${render(plan)}\n`)
  const streams = dirs.stream(compiled.io.terminal)
  const report = await execute(runner, plan, { compiled })
  if (report._tag === 'RolledBack') {
    streams.end()
    return E.left({ exitCode: 1, text: `${explain.report(report)}\n` })
  }
  const stop = (): void => { void execute(runner, planStop(plan.owner, id, compiled.stop.signal, STOP_MS)) }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const ended = await tasks.wait(containerd, id)()
  await streams.done
  process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop)
  const leftovers = await revertAll(runner, plan.owner, undosOf(plan))
  if (E.isLeft(ended)) return E.left({ exitCode: 1, text: `${explain.failure(ended.left)}\n` })
  say(`\nexit code ${String(ended.right.status)}\n`)
  say(leftovers.length === 0
    ? `undone: ${undosOf(plan).map(({ _tag }) => _tag).join(', ')}; nothing is left\n`
    : `left behind: ${leftovers.map(({ undo, failure }) => `${undo._tag} (${failure.detail})`).join(', ')}\n`)
  return E.right(ended.right.status)
}
