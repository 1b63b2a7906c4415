import * as E from 'fp-ts/Either'

import { planStop } from '../../../core/plan/planStop'
import { render } from '../../../core/plan/render'
import { Request } from '../../../core/resolve/Request'
import { begin, News } from '../../../driver/begin'
import { Refused, refusedText } from '../../../driver/Refused'
import { takeDown } from '../../../driver/takeDown'
import { Known, watched } from '../../../driver/watch'
import { execute, workshopAt } from '../../../effects/ports/execute'
import { Place, Ports } from '../../../effects/ports/Ports'
import { onInterrupt } from '../onInterrupt'
import { RunDirs, Streams } from './runDirs'

const STOP_MS = 5000

/** How a run ended: the task's exit code, or why it did not run. */
export type Ran = E.Either<{ readonly exitCode: number; readonly text: string }, number>

const say = (text: string): void => { process.stderr.write(text) }

/**
 * Runs one task as the plugin would, copies its output, waits for it and takes everything back. Ctrl-C stops it, or its
 * start.
 */
export const runTask = async (ports: Ports, place: Place, request: Request, dirs: RunDirs): Promise<Ran> => {
  const { id, name } = request.allocation
  const abort = new AbortController()
  const forget = onInterrupt(() => {
    abort.abort()
  })
  const state: { streams?: Streams } = {}
  const tell = (news: News): void => {
    if (news._tag !== 'Planned') return
    say(`${render(news.plan)}\n`)
    state.streams = dirs.stream(news.compiled.io.terminal)
  }
  const handle = await begin(ports, request, { place, signal: abort.signal, tell })
  forget()
  if (E.isRight(handle))
    return runToItsEnd(
      ports,
      { id, name, handle: handle.right },
      { streams: state.streams, isStopped: abort.signal.aborted }
    )
  state.streams?.end()
  return E.left(notRun(handle.left))
}

const notRun = (refused: Refused): { readonly exitCode: number; readonly text: string } =>
  ({ exitCode: refused._tag === 'NotStarted' ? 1 : 2, text: `${refusedText(refused)}\n` })

interface Around {
  readonly streams: Streams | undefined
  /** Whether somebody stopped the task before it ran. */
  readonly isStopped: boolean
}

const runToItsEnd = async (ports: Ports, begun: Known, { streams, isStopped }: Around): Promise<Ran> => {
  const { id, handle } = begun
  const stop = (): void => {
    void execute(
      workshopAt(ports, handle),
      planStop(id, handle.containerId, handle.stopSignal, STOP_MS)
    )
  }
  const forget = onInterrupt(stop)
  if (isStopped) stop()
  const end = await watched(ports, begun).ended.wait()
  await streams?.done
  forget()
  const down = await takeDown(ports, handle, id, handle.undos)
  if (end === undefined || end.error !== '')
    return E.left({ exitCode: 1, text: `${end?.error ?? 'the end of the task was not seen'}\n` })
  say(`\nexit code ${String(end.exit.code)}\n`)
  say(
    E.isRight(down)
      ? `undone: ${handle.undos.map(({ _tag }) => _tag).join(', ')}; nothing is left\n`
      : `${refusedText(down.left)}\n`
  )
  return E.right(end.exit.code)
}
