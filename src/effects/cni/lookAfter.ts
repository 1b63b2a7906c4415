import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Attachment } from '../../core/domain/Cni'
import { Failure } from '../../core/domain/Failure'
import { failureOf } from '../ports/Thrown'
import { collectionOf, conflistOf, isAtLeast, requestOf } from './Conflist'
import { kept } from './kept'
import { callOf, DEVICE } from './network'
import { oneAtATime } from './oneAtATime'
import { runPlugin } from './runPlugin'

/** Asks each plugin whether what its ADD made is still there (CHECK). Left says what is not. */
export const checkNetwork = (wanted: Attachment): TE.TaskEither<Failure, void> => async () => {
  const doing = `look at network ${wanted.network}`
  try {
    const { attachment, result } = await kept(wanted)
    const conflist = conflistOf(doing, attachment)
    const isAsked = conflist.disableCheck !== true && result !== undefined && isAtLeast(conflist.cniVersion, '0.4.0')
    for (const { type, ...rest } of isAsked ? conflist.plugins : []) {
      const stdin = requestOf(conflist, { type, ...rest }, attachment.capabilities, result)
      await runPlugin(doing, callOf('CHECK', attachment, type, stdin))
    }
    return E.right(undefined)
  } catch (thrown) {
    return E.left(failureOf(thrown, doing))
  }
}

/**
 * Lets the plugins of a network take away whatever no container of `valid` has (GC): addresses of containers that were
 * lost, rules that nobody needs. Only for a network that no one else attaches containers to: what is not listed goes.
 * Plugins before CNI 1.1 have no such word, and are not asked.
 */
export const collectNetwork = (
  network: Pick<Attachment, 'network' | 'conflist' | 'path'>, valid: ReadonlyArray<Pick<Attachment, 'container'>>
): TE.TaskEither<Failure, void> => async () => {
  const doing = `tidy up network ${network.network}`
  try {
    const conflist = conflistOf(doing, network)
    await oneAtATime(async () => {
      for (const plugin of isAtLeast(conflist.cniVersion, '1.1.0') ? conflist.plugins : []) {
        const stdin = collectionOf(conflist, plugin, valid, DEVICE)
        await runPlugin(doing, { command: 'GC', type: plugin.type, path: network.path, stdin })
      }
    })
    return E.right(undefined)
  } catch (thrown) {
    return E.left(failureOf(thrown, doing))
  }
}
