import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Attachment } from '../../core/domain/Cni'
import { Failure } from '../../core/domain/Failure'
import { Output } from '../../core/plan/Output'
import { hasNamespace, standIn } from '../host/networkNamespace'
import { documentIn } from '../ports/documentIn'
import { failureOf, Thrown } from '../ports/Thrown'
import { Conflist, conflistOf, isAtLeast, requestOf } from './Conflist'
import { forget, keep, kept } from './kept'
import { oneAtATime } from './oneAtATime'
import { addressesIn, resultWords } from './resultWords'
import { Call, runPlugin } from './runPlugin'

/** What the device of a network is called in its container. */
export const DEVICE = 'eth0'
const LOOPBACK = { cniVersion: '0.4.0', name: 'lo', type: 'loopback' }

/** Joins a network: ADD of each plugin, told what those before it answered. The loopback device is up then. */
export const joinNetwork = (attachment: Attachment): TE.TaskEither<Failure, Output> => async () => {
  const doing = `join network ${attachment.network}`
  try {
    const conflist = conflistOf(doing, attachment)
    // What is there to be left is known before anything is done.
    await keep(doing, { attachment, result: undefined })
    const result = await oneAtATime(() => added(doing, attachment, conflist))
    return E.right({ _tag: 'Words', words: resultWords(result) })
  } catch (thrown) {
    return E.left(failureOf(thrown, doing))
  }
}

const added = async (doing: string, attachment: Attachment, conflist: Conflist): Promise<unknown> => {
  if (!conflist.plugins.some(({ type }) => type === 'loopback'))
    await runPlugin(doing, callOf('ADD', attachment, LOOPBACK.type, JSON.stringify(LOOPBACK), 'lo'))
  if (isAtLeast(conflist.cniVersion, '1.1.0')) await ready(doing, attachment, conflist)
  let result: unknown
  for (const plugin of conflist.plugins) {
    const stdin = requestOf(conflist, plugin, attachment.capabilities, result)
    const answer = documentIn(Buffer.from(await runPlugin(doing, callOf('ADD', attachment, plugin.type, stdin))))
    if (E.isLeft(answer)) throw new Thrown(Failure('Unavailable', doing, `what ${plugin.type} answered ${answer.left}`))
    result = answer.right
    await keep(doing, { attachment, result })
  }
  return result
}

/** Whether every plugin says that it can ADD. */
export const ready = async (doing: string, attachment: Attachment, conflist: Conflist): Promise<void> => {
  for (const plugin of conflist.plugins) {
    const stdin = requestOf(conflist, plugin, {})
    await runPlugin(doing, { command: 'STATUS', type: plugin.type, path: attachment.path, stdin })
  }
}

/** A call that is about one container. */
export const callOf = (
  command: Call['command'], attachment: Attachment, type: string, stdin: string, device = DEVICE
): Call => {
  const { container, netns, path, args } = attachment
  return { command, type, path, stdin, parameters: { container, netns, interface: device, args } }
}

/**
 * Leaves a network: DEL of each plugin in reverse order, told what ADD answered. Every one is asked, whatever the
 * others answer. Where the namespace is gone another one stands in for it: the plugin `bridge` finds what to take back
 * by the addresses in it.
 */
export const leaveNetwork = (wanted: Attachment): TE.TaskEither<Failure, void> => async () => {
  const doing = `leave network ${wanted.network}`
  try {
    const { attachment, result } = await kept(wanted)
    const conflist = conflistOf(doing, attachment)
    if (result !== undefined && !(await hasNamespace(attachment.netns)))
      await standIn(doing, attachment.netns, DEVICE, addressesIn(result))
    // Of a file that is none yet (whoever made it was killed) plugins say that it is broken; of none they say nothing.
    const netns = (await hasNamespace(attachment.netns)) ? attachment.netns : ''
    await oneAtATime(() => deleted(doing, { ...attachment, netns }, conflist, result))
    await forget(attachment)
    return E.right(undefined)
  } catch (thrown) {
    return E.left(failureOf(thrown, doing))
  }
}

const deleted = async (doing: string, attachment: Attachment, conflist: Conflist, result: unknown): Promise<void> => {
  const failures: Array<unknown> = []
  const prevResult = isAtLeast(conflist.cniVersion, '0.4.0') ? result : undefined
  for (const plugin of [...conflist.plugins].reverse()) {
    const stdin = requestOf(conflist, plugin, attachment.capabilities, prevResult)
    await runPlugin(doing, callOf('DEL', attachment, plugin.type, stdin)).catch((thrown: unknown) => {
      failures.push(thrown)
    })
  }
  if (failures.length > 0) throw failures[0]
}
