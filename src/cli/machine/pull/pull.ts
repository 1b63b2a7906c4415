import * as E from 'fp-ts/Either'

import { about } from '../../../core/facts/Facts'
import * as explain from '../../../core/report/explain'
import { prepare } from '../../../driver/prepare'
import { livePorts } from '../../../effects/livePorts'
import { Ports } from '../../../effects/ports/Ports'
import { TaskOptions } from '../../load/taskDocuments'
import { Output, refused } from '../../output/Output'
import { onInterrupt } from '../onInterrupt'
import { Meter, Screen } from './Meter'
import { Wanted, wantedPulls } from './wantedPulls'

/** The options of `pull`. */
export interface PullOptions extends TaskOptions {
  readonly job?: ReadonlyArray<string>
  readonly platform?: string
}

const NOTHING = 'name images, or a job with --job\n'
const NO_IMAGE = '--platform is for images that are named here; tasks of a job say their own\n'

/**
 * `pull`: brings images as the start of a task does, one after the other. Each that is here is told on stdout with its
 * digest; one that cannot be had is told on stderr, and does not keep the next from coming.
 */
export const pullCommand = async (images: ReadonlyArray<string>, options: PullOptions): Promise<Output> => {
  const { job: jobs = [], platform, ...rest } = options
  if (images.length === 0 && jobs.length === 0) return refused(NOTHING)
  if (images.length === 0 && platform !== undefined) return refused(NO_IMAGE)
  const wants = await wantedPulls({ ...rest, images, jobs, platform })
  if (E.isLeft(wants)) return refused(wants.left)
  process.stderr.write(wants.right.notices)
  const stop = new AbortController()
  const forget = onInterrupt(() => { stop.abort() })
  const ports = livePorts(() => undefined)
  try {
    const outcomes = await inTurn(ports, wants.right.wanted, stop.signal)
    const isAll = outcomes.length === wants.right.wanted.length && outcomes.every(E.isRight)
    return { stdout: outcomes.map(linesOf).join(''), stderr: '', exitCode: isAll ? 0 : 1 }
  } finally {
    forget()
    ports.close()
  }
}

type Outcome = E.Either<string, { readonly image: string; readonly digest: string }>

const linesOf = (outcome: Outcome): string =>
  E.isRight(outcome) ? `${outcome.right.image} ${outcome.right.digest}\n` : ''

const inTurn = async (
  ports: Ports, wanted: ReadonlyArray<Wanted>, signal: AbortSignal
): Promise<ReadonlyArray<Outcome>> => {
  const outcomes: Array<Outcome> = []
  for (const one of wanted) {
    if (signal.aborted) break
    const meter = Meter(one.needs.image, screen)
    const outcome = await brought(ports, one, { meter, signal })
    meter.ends(E.isLeft(outcome) ? `${outcome.left}\n` : '')
    outcomes.push(outcome)
  }
  return outcomes
}

const screen: Screen = {
  isTerminal: process.stderr.isTTY,
  write: (text) => { process.stderr.write(text) },
  now: () => performance.now()
}

const brought = async (
  ports: Ports, { needs, place }: Wanted,
  { meter, signal }: { readonly meter: Meter; readonly signal: AbortSignal }
): Promise<Outcome> => {
  const { image } = needs
  const facts = await prepare({ ports, place, signal, fetching: meter.begins, tell: meter.comes }, needs)
  if (E.isLeft(facts))
    return E.left(facts.left._tag === 'RolledBack' ? explain.report(facts.left) : explain.failure(facts.left))
  const known = about(facts.right.images, image)
  return known === undefined
    ? E.left(`${image}: it was brought, and is not here any more`)
    : E.right({ image, digest: known.digest })
}
