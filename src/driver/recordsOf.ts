import * as E from 'fp-ts/Either'

import { ContainerRecord } from '../core/plan/undosOfRecord'
import { attempt } from '../effects/ports/attempt'
import { Place } from '../effects/ports/Ports'
import { Driver } from './Driver'
import { Answer } from './Refused'

/** The containers of a task that this process does not know, where they are, and where their files are. */
export interface Found {
  readonly place: Place
  readonly stateDirectory: string
  readonly records: ReadonlyArray<ContainerRecord>
}

/** Looks for the containers of a task by their label. */
export const recordsOf = async ({ ports, configured }: Driver, id: string): Promise<Answer<Found>> => {
  const known = configured()
  if (E.isLeft(known)) return known
  const { address, namespace, state_dir: stateDirectory } = known.right.config
  const place = { address, namespace }
  const found = await attempt('look for an unknown task', ports.reads(place).records(id))
  return E.isLeft(found)
    ? E.left({ _tag: 'Failed', failure: found.left })
    : E.right({ place, stateDirectory, records: found.right })
}

/** Those of them whose task runs. */
export const runningOf = async (
  { ports }: Driver, { place, records }: Found
): Promise<Answer<ReadonlyArray<string>>> => {
  const running: Array<string> = []
  for (const { container } of records) {
    const observed = await attempt(`look for ${container}`, ports.reads(place).observe(container))
    if (E.isLeft(observed)) return E.left({ _tag: 'Failed', failure: observed.left })
    if (observed.right._tag === 'Running') running.push(container)
  }
  return E.right(running)
}
