import * as E from 'fp-ts/Either'

import { Orphan, orphans } from '../../../core/reap/orphans'
import { reasonText } from '../../../core/reap/reasonText'
import { Seen } from '../../../core/reap/Seen'
import * as explain from '../../../core/report/explain'
import { takeOrphan } from '../../../driver/takeOrphan'
import { livePorts } from '../../../effects/livePorts'
import { Place, Ports } from '../../../effects/ports/Ports'
import { operatorsConfig } from '../../load/operatorsConfig'
import { ok, Output, refused } from '../../output/Output'
import { onlyAgent } from '../onlyAgent'

/** The options of `reap`. */
export interface ReapOptions {
  readonly node?: string
  readonly plugin?: string
  readonly dryRun?: boolean
}

/**
 * `reap`: takes away what tasks of a Nomad client left whose allocations are gone. Each thing is told with its reason
 * and with what takes it back; with `--dry-run` that is all.
 */
export const reapCommand = async ({ node, plugin, dryRun = false }: ReapOptions): Promise<Output> => {
  const config = await operatorsConfig(plugin)
  if (E.isLeft(config)) return refused(config.left)
  const { address, namespace, state_dir: stateDirectory, snapshotter } = config.right
  const ports = livePorts(() => undefined)
  try {
    const place = { address, namespace }
    const seen = await ports.reads(place).seen({ node, stateDirectory, snapshotters: [snapshotter] })()
    if (E.isLeft(seen)) return { stdout: '', stderr: `${explain.failure(seen.left)}\n`, exitCode: 1 }
    const agent = node === undefined ? agentIn(seen.right) : E.right(node)
    if (E.isLeft(agent)) return refused(agent.left)
    const found = orphans(seen.right, { node: agent.right, owners: undefined, ended: [], stateDirectory })
    return dryRun ? ok(told(found, 'would be taken away')) : await taken(ports, place, found)
  } finally {
    ports.close()
  }
}

/** The agent of which there is something; Left where there are several. None is as good as one that left nothing. */
const agentIn = ({ containers, snapshots, leases, directories }: Seen): E.Either<string, string> =>
  onlyAgent([...containers, ...snapshots, ...leases, ...directories], 'made something')

const lineOf = ({ id, owner, because, undos }: Orphan): string =>
  `${id}${owner === '' ? '' : ` of task ${owner}`}: ${reasonText(because)}\n`
  + `  ${undos.map(({ _tag }) => _tag).join(', ')}\n`

const told = (found: ReadonlyArray<Orphan>, what: string): string =>
  found.length === 0
    ? 'nothing is left of tasks whose allocations are gone\n'
    : `${found.map(lineOf).join('')}${count(found)} ${what}\n`

const count = ({ length }: ReadonlyArray<unknown>): string => (length === 1 ? '1 thing' : `${String(length)} things`)

const taken = async (ports: Ports, place: Place, found: ReadonlyArray<Orphan>): Promise<Output> => {
  const stayed: Array<string> = []
  const gone: Array<Orphan> = []
  for (const orphan of found) {
    const outcome = await takeOrphan(ports, { place, orphan })
    if (E.isLeft(outcome)) stayed.push(`${orphan.id} stays: ${outcome.left}\n`)
    else gone.push(orphan)
  }
  const stdout = stayed.length > 0 && gone.length === 0 ? '' : told(gone, 'taken away')
  return { stdout, stderr: stayed.join(''), exitCode: stayed.length === 0 ? 0 : 1 }
}
