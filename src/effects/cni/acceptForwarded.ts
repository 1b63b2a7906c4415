import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Act } from '../../core/plan/Step'
import { runProgram } from '../host/runProgram'
import { systemCall } from '../host/systemCall'
import { oneAtATime } from './oneAtATime'

/** The chain that the plugin `firewall` asks before its own rules, and makes when it is missing. */
const CHAIN = 'CNI-ADMIN'

/**
 * Lets connections pass that were made to a published port, also where dockerd or a firewall lets nothing be forwarded:
 * the plugin `firewall` lets through what containers send, and the answers to it. A rule that is there counts.
 */
export const acceptForwarded = (act: Act<'AcceptForwarded'>): TE.TaskEither<Failure, void> => () => {
  const doing = `let published ports lead to ${act.device}`
  return systemCall(doing, () => oneAtATime(async () => {
    for (const subnet of act.subnets) await accept(doing, act.device, subnet)
  }))
}

const accept = async (doing: string, device: string, subnet: string): Promise<void> => {
  const program = subnet.includes(':') ? 'ip6tables' : 'iptables'
  const run = (...args: ReadonlyArray<string>): Promise<void> =>
    runProgram({ doing, program, args: ['--wait', ...args], from: 'iptables' })
  const rule = ['--out-interface', device, '--destination', subnet, '--match', 'conntrack', '--ctstate', 'DNAT']
  const accepts = [...rule, '--jump', 'ACCEPT']
  if (await run('--check', CHAIN, ...accepts).then(() => true, () => false)) return
  await run('--new-chain', CHAIN).catch(() => undefined)
  await run('--insert', CHAIN, ...accepts)
}
