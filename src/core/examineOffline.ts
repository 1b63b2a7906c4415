import * as E from 'fp-ts/Either'

import { pathText } from './domain/DocumentPath'
import { Issue, sorted, toldOffline } from './domain/Issue'
import { withNames } from './domain/Unknown'
import { HostFacts, none } from './facts/Facts'
import { SAMPLE_HOST } from './facts/sampleFacts'
import { Offline, settledFor } from './offline'
import * as Request from './resolve/Request'
import { standInFacts } from './standInFacts'
import { translate } from './translate'

/** What was found, and how the names are written back that something else stands for in the request. */
export interface Examined extends ReturnType<typeof Request.examine> {
  readonly named: ReturnType<typeof withNames>
}

/**
 * Every mistake and every refusal that is one on any host: what decoding and policy see, and what is seen only when
 * sources, limits and users are resolved. What another host or image would let pass is none.
 */
export const examineOffline = (given: Offline): Examined => {
  const { documents, unknowns } = settledFor(given)
  const found = Request.examine(documents)
  const told = new Set(found.issues.map(({ at }) => pathText(at)))
  const later = found.request === undefined
    ? []
    : certain(found.request, given).filter(({ at }) => !told.has(pathText(at)))
  const { request } = found
  const answers = request === undefined ? [] : standInFacts(request, given.facts, given.image).unknowns
  const all = withNames([...unknowns, ...answers])
  const issues = sorted([...found.issues, ...later]).map((issue) => all<unknown>(toldOffline(issue)) as Issue)
  return { request, named: all, issues }
}

/** Another host than the sample's in what a job may be refused for. */
const OTHER_HOST: HostFacts = { ...SAMPLE_HOST, cgroups: 'v1', kernel: '99.0.0', cpuCores: 8192 }

const certain = (request: Request.Request, given: Offline): ReadonlyArray<Issue> => {
  const [first, second] = [SAMPLE_HOST, OTHER_HOST].map((host) => refusals(request, given, host))
  const others = new Set((second ?? []).map(keyOf))
  return (first ?? []).filter((issue) => others.has(keyOf(issue)))
}

const keyOf = ({ at, reason }: Issue): string => JSON.stringify([at, reason])

/** Why a request is refused on a host. */
const refusals = (request: Request.Request, { facts, image }: Offline, host: HostFacts): ReadonlyArray<Issue> => {
  const known = { ...none, ...facts, host: facts.host ?? host }
  const outcome = translate(request, standInFacts(request, known, image).facts)
  return E.isRight(outcome) ? [] : outcome.left
}
