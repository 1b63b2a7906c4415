import * as E from 'fp-ts/Either'
import { isNonEmpty } from 'fp-ts/ReadonlyArray'
import { ReadonlyNonEmptyArray } from 'fp-ts/ReadonlyNonEmptyArray'

import { Compiled, NetworkPlan } from '../core/compile/Compiled'
import { Failure } from '../core/domain/Failure'
import { Issues } from '../core/domain/Issue'
import { Notice } from '../core/domain/Notice'
import { Plan, Planned, undosOf } from '../core/plan/Plan'
import { Progress } from '../core/plan/Progress'
import { Report } from '../core/report/Report'
import { imageName } from '../core/resolve/questionsOf'
import { Request } from '../core/resolve/Request'
import { unmet } from '../core/resolve/unmet'
import { needsOf, startPlanOf, translate } from '../core/translate'
import { attempt } from '../effects/ports/attempt'
import { execute, workshopAt } from '../effects/ports/execute'
import { Place, Ports } from '../effects/ports/Ports'
import { Home } from './execsIn'
import { Handle } from './Handle'
import { prepare } from './prepare'
import { Answer, Refused } from './Refused'
import { startAgain } from './startAgain'
import { takeContainersDown } from './takeDown'

/** What is told of a start while it is under way. */
export type News =
  | { readonly _tag: 'Fetching'; readonly image: string }
  | { readonly _tag: 'Pulled'; readonly image: string; readonly progress: Progress }
  /** What the task asks for and will not have, although it starts. */
  | { readonly _tag: 'Unmet'; readonly notices: ReadonlyNonEmptyArray<Notice> }
  | { readonly _tag: 'Fetched'; readonly image: string }
  | { readonly _tag: 'Created'; readonly container: string }
  /** Told before anything of the plan is done. */
  | { readonly _tag: 'Planned'; readonly compiled: Compiled; readonly plan: Plan }

/** Where a task is begun, what cancels it, and who hears how it goes. */
export interface Beginning {
  readonly place: Place
  readonly signal: AbortSignal
  readonly tell: (news: News) => void
}

/**
 * Runs a task: brings its image, compiles it, and executes the plan. A start that fails or is cancelled is taken back.
 * What an earlier start of the same task left when its process was killed is taken back first.
 */
export const begin = async (ports: Ports, request: Request, how: Beginning): Promise<Answer<Handle>> => {
  const compiled = await compiledFor(ports, request, how)
  if (E.isLeft(compiled)) return compiled
  const plan = startPlanOf(request, compiled.right)
  how.tell({ _tag: 'Planned', compiled: compiled.right, plan })
  const home = { stateDirectory: request.plugin.state_dir, container: compiled.right.container.id }
  const clear = await clearFor(ports, how.place, plan, home)
  if (E.isLeft(clear)) return clear
  const workshop = workshopAt(ports, how.place)
  const run = (): Promise<Report> =>
    execute(workshop, plan, {
      materials: { compiled: compiled.right }, signal: how.signal, met: (planned) => created(planned, how)
    })
  const again = (): Promise<unknown> => clearFor(ports, how.place, plan, home)
  const report = clear.right === 'Nothing'
    ? await run()
    : await startAgain({ clock: ports.clock, signal: how.signal, run, clear: again })
  return report._tag === 'RolledBack'
    ? E.left({ _tag: 'NotStarted', report })
    : E.right(handleOf(ports, how.place, compiled.right, { plan, report, stateDirectory: home.stateDirectory }))
}

const created = ({ act }: Planned, { tell }: Beginning): Promise<E.Either<Failure, void>> => {
  if (act._tag === 'CreateTask') tell({ _tag: 'Created', container: act.container })
  return Promise.resolve(E.right(undefined))
}

const compiledFor = async (
  ports: Ports,
  request: Request,
  { place, signal, tell }: Beginning
): Promise<Answer<Compiled>> => {
  const image = imageName(request)
  const fetch = { isDone: false }
  const facts = await prepare(
    {
      ports,
      place,
      signal,
      fetching: () => {
        fetch.isDone = true
        tell({ _tag: 'Fetching', image })
      },
      tell: (progress) => { tell({ _tag: 'Pulled', image, progress }) }
    },
    needsOf(request)
  )
  if (E.isLeft(facts)) {
    const { left } = facts
    return E.left(left._tag === 'RolledBack' ? { _tag: 'NotFetched', report: left } : { _tag: 'Failed', failure: left })
  }
  if (fetch.isDone) tell({ _tag: 'Fetched', image })
  const compiled = translate(request, facts.right)
  const notices = unmet(request, facts.right)
  if (E.isRight(compiled) && isNonEmpty(notices)) tell({ _tag: 'Unmet', notices })
  return E.mapLeft((issues: Issues): Refused => ({ _tag: 'Unfit', issues }))(compiled)
}

/** Takes back what an earlier start left: whether there was anything. */
const clearFor = async (
  ports: Ports, place: Place, plan: Plan, home: Home
): Promise<Answer<'Nothing' | 'Cleared'>> => {
  const found = await attempt('look for what an earlier start left', ports.reads(place).observe(home.container))
  if (E.isLeft(found)) return E.left({ _tag: 'Failed', failure: found.left })
  if (found.right._tag === 'Absent' || found.right.owner !== plan.owner) return E.right('Nothing')
  const down = await takeContainersDown(ports, { place, owner: plan.owner, homes: [home] }, undosOf(plan))
  return E.map(() => 'Cleared' as const)(down)
}

const handleOf = (
  ports: Ports,
  { address, namespace }: Place,
  { container, stop, network }: Compiled,
  { plan, report, stateDirectory }: { readonly plan: Plan; readonly report: Report; readonly stateDirectory: string }
): Handle => ({
  version: 1,
  containerId: container.id,
  address,
  namespace,
  stopSignal: stop.signal,
  startedAtMs: ports.clock.now(),
  stateDirectory,
  undos: undosOf(plan),
  ...networkOf(network, report)
})

/** What Nomad registers services by, where the driver made the network: nothing where that gives no address. */
const networkOf = (network: NetworkPlan, report: Report): Pick<Handle, 'network'> => {
  if (network._tag !== 'Cni' || report._tag !== 'Completed') return {}
  const output = report.outputs[`JoinNetwork:${network.attachment.container}`]
  const ip = output?._tag === 'Words' ? output.words['address'] : undefined
  const portMap = Object.fromEntries(network.ports.map(({ label, containerPort }) => [label, containerPort]))
  return ip === undefined ? {} : { network: { ip, portMap, autoAdvertise: network.isAdvertised } }
}
