import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { Exit } from '../core/watch/exitOf'
import { attempt } from '../effects/ports/attempt'
import { Ports } from '../effects/ports/Ports'
import { Handle } from './Handle'
import { FIRST_PAUSE_MS, longer } from './pauses'

/**
 * Notes an exit on the container of a task. Where that does not work it is tried again until it is noted or the signal
 * fires.
 */
export const noteOn = (ports: Ports, handle: Handle, exit: Exit, signal: AbortSignal): void => {
  void note(ports, handle, exit).then((outcome) => {
    if (E.isRight(outcome)) return
    const { containerId: container } = handle
    ports.log('warn', 'the exit could not be noted on the container yet', { container, detail: outcome.left.detail })
    void noteLater(ports, handle, exit, signal)
  })
}

const note = ({ reads }: Ports, handle: Handle, exit: Exit): Promise<E.Either<Failure, void>> =>
  attempt('note an exit', reads(handle).noteExit(handle.containerId, exit))

const noteLater = async (ports: Ports, handle: Handle, exit: Exit, signal: AbortSignal): Promise<void> => {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = longer(pauseMs)) {
    await ports.clock.sleep(pauseMs, signal)
    if (signal.aborted || E.isRight(await note(ports, handle, exit))) return
  }
}
