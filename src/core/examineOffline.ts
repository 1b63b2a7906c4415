import * as E from 'fp-ts/Either'

import { pathText } from './domain/DocumentPath'
import { Issue, sorted } from './domain/Issue'
import { Facts, HostFacts, none } from './facts/Facts'
import { SAMPLE_HOST, sampleFacts } from './facts/sampleFacts'
import { Offline } from './offline'
import { moreQuestions, questionsOf } from './resolve/questionsOf'
import * as Request from './resolve/Request'
import { translate } from './translate'

/**
 * Every mistake and every refusal that is one on any host: what decoding and policy see, and what is seen only when
 * sources, limits and users are resolved. What another host or image would let pass is none.
 */
export const examineOffline = (given: Offline): ReturnType<typeof Request.examine> => {
  const found = Request.examine(given.documents)
  if (found.request === undefined) return found
  const told = new Set(found.issues.map(({ at }) => pathText(at)))
  const later = certain(found.request, given).filter(({ at }) => !told.has(pathText(at)))
  return { ...found, issues: sorted([...found.issues, ...later]) }
}

/** Another host than the sample's in what a job may be refused for. */
const OTHER_HOST: HostFacts = { ...SAMPLE_HOST, cgroups: 'v1', kernel: '99.0.0', cpuCores: 8192 }

const certain = (request: Request.Request, given: Offline): ReadonlyArray<Issue> => {
  const [first, second] = [SAMPLE_HOST, OTHER_HOST].map((host) => refusals(request, given, host))
  const others = new Set((second ?? []).map(keyOf))
  return (first ?? []).filter((issue) => others.has(keyOf(issue)))
}

const keyOf = ({ at, reason }: Issue): string => JSON.stringify([at, reason])

/** Why a request is refused on a host. What nobody answered, or an account that the image may have, is no refusal. */
const refusals = (request: Request.Request, { facts, image }: Offline, host: HostFacts): ReadonlyArray<Issue> => {
  const known: Facts = { ...none, ...facts, host: facts.host ?? host }
  const first = sampleFacts(questionsOf(request), known, image)
  const outcome = translate(request, sampleFacts(moreQuestions(request, first), first, image))
  return E.isRight(outcome)
    ? []
    : outcome.left.filter(({ _tag, isLookup }) => _tag !== 'Unanswered' && isLookup !== true)
}
