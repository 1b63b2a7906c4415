import * as E from 'fp-ts/Either'

import { nearest } from '../field/nearest'
import { identityOf } from './Live'

/** A container by its id and labels. */
export interface Candidate {
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
}

const MIN_PREFIX = 8
const SHOWN = 5

/**
 * The container that is meant by a container id, an allocation id, or eight and more characters that one begins with;
 * of several tasks the one that `--task` names (its name, or GROUP/TASK). Left says what there is instead.
 */
export const choose = <A extends Candidate>(
  wanted: string,
  task: string | undefined,
  all: ReadonlyArray<A>
): E.Either<string, A> => {
  const exact = all.find(({ id }) => id === wanted)
  if (exact !== undefined) return E.right(exact)
  const found =
    wanted.length < MIN_PREFIX
      ? []
      : all.filter(({ labels }) => identityOf(labels)?.allocId.startsWith(wanted.toLowerCase()) ?? false)
  const name = task?.split('/').at(-1)
  const named = name === undefined ? found : found.filter(({ labels }) => identityOf(labels)?.task === name)
  const [one, ...others] = named
  if (one !== undefined && others.length === 0) return E.right(one)
  if (found.length === 0) return E.left(nothing(wanted, all))
  return E.left(
    one === undefined ? `--task ${task ?? ''}: ${wanted} has no such task; ${listed(found)}` : several(wanted, named)
  )
}

const taskOf = ({ labels }: Candidate): string => identityOf(labels)?.task ?? '?'

const allocOf = ({ labels }: Candidate): string => identityOf(labels)?.allocId ?? ''

const listed = (some: ReadonlyArray<Candidate>): string => `it has ${[...new Set(some.map(taskOf))].sort().join(', ')}`

const several = (wanted: string, found: ReadonlyArray<Candidate>): string => {
  const allocs = [...new Set(found.map(allocOf))].sort()
  if (allocs.length > 1)
    return `${wanted}: is the beginning of several allocations: ${allocs.slice(0, SHOWN).join(', ')}`
  const tasks = [...new Set(found.map(taskOf))]
  return tasks.length > 1
    ? `${wanted}: has several tasks; name one with --task: ${[...tasks].sort().join(', ')}`
    : `${wanted}: has several containers of this task; name one: ${found
        .map(({ id }) => id)
        .sort()
        .join(', ')}`
}

const nothing = (wanted: string, all: ReadonlyArray<Candidate>): string => {
  const names = all.flatMap((one) => [one.id, allocOf(one)]).filter((name) => name !== '')
  const close = nearest(wanted, names) ?? names.find((name) => name.startsWith(wanted))
  const ours = all.map(({ id }) => id).sort()
  const short =
    wanted.length < MIN_PREFIX ? ` (the beginning of an allocation id needs ${String(MIN_PREFIX)} characters)` : ''
  if (ours.length === 0) return `${wanted}: no such container${short}; this driver has none there`
  const there = `there are ${ours.slice(0, SHOWN).join(', ')}${ours.length > SHOWN ? ', …' : ''}`
  return `${wanted}: no such container${short}; ${close === undefined ? there : `did you mean ${close}?`}`
}
