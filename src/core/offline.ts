import * as E from 'fp-ts/Either'
import * as NEA from 'fp-ts/NonEmptyArray'

import { asked } from './Asked'
import { Compiled } from './compile/Compiled'
import { inTask } from './domain/DocumentPath'
import { Issues } from './domain/Issue'
import { Json } from './domain/Json'
import { Notice } from './domain/Notice'
import { about, Facts } from './facts/Facts'
import { sampleFacts } from './facts/sampleFacts'
import { Beside, fullDocument, refusedDocument } from './fullDocument'
import * as ImageConfig from './image/ImageConfig'
import { imageNotices } from './resolve/imageNotices'
import { notExecutedYet } from './resolve/notExecutedYet'
import { noticesOf } from './resolve/noticesOf'
import { imageName, moreQuestions, questionsOf } from './resolve/questionsOf'
import * as Request from './resolve/Request'
import { runcNotices } from './resolve/runcNotices'
import { issueWithoutSpread, noticeWithoutSpread, Spread } from './share/Spread'
import { translate } from './translate'

/**
 * What is compiled without a host: three documents, the facts that were given, and the config of an image that no fact
 * names. `spread` is in no message.
 */
export interface Offline {
  readonly documents: Request.Documents
  readonly facts: Facts
  readonly image: ImageConfig.ImageConfig
  /** What the job says that no container shows (`core/job/jobParts.ts`). */
  readonly job?: Json
  readonly spread?: Spread
}

/** A task that compiled, or the reasons why it is refused; and what is worth a word either way. */
export interface Translated {
  readonly outcome: E.Either<Issues, { readonly request: Request.Request; readonly compiled: Compiled }>
  readonly notices: ReadonlyArray<Notice>
  readonly given: Offline
}

/** Compiles as the driver would; what no fact answers, the sample does (docs/sample.md). */
export const translateOffline = (given: Offline): Translated => {
  const { outcome, notices } = translated(given)
  const { spread } = given
  return spread === undefined
    ? { outcome, notices, given }
    : {
        given,
        outcome: E.mapLeft(NEA.map(issueWithoutSpread(spread)))(outcome),
        notices: notices.map(noticeWithoutSpread(spread))
      }
}

const translated = ({ documents, facts: given, image }: Offline): Omit<Translated, 'given'> => {
  const request = Request.decode(documents)
  if (E.isLeft(request)) return { outcome: request, notices: [] }
  const facts = factsOf({ facts: given, image }, request.right)
  const later = notExecutedYet(request.right).map(({ at, reason }) => Notice(at, reason))
  const outcome = E.map((compiled: Compiled) => ({ request: request.right, compiled }))(translate(request.right, facts))
  const isUnknown = !isImageKnown({ facts: given, image }, request.right)
  return {
    outcome,
    notices: [
      ...noticesOf(request.right),
      ...runcNotices(request.right, facts.host, about(facts.images, imageName(request.right))),
      ...imageNotices(facts.images[imageName(request.right)]?.config ?? ImageConfig.empty),
      ...(isUnknown ? [UNKNOWN_IMAGE] : []),
      ...later
    ]
  }
}

const factsOf = ({ facts, image }: Pick<Offline, 'facts' | 'image'>, request: Request.Request): Facts => {
  const first = sampleFacts(questionsOf(request), facts, image)
  return sampleFacts(moreQuestions(request, first), first, image)
}

const isImageKnown = ({ facts, image }: Pick<Offline, 'facts' | 'image'>, request: Request.Request): boolean =>
  image !== ImageConfig.placeholder || Object.hasOwn(facts.images, imageName(request))

const UNKNOWN_IMAGE = Notice(
  inTask('image'),
  'the config of the image is not known (--lock, --facts or --image-config FILE): its program stands as a name, its user and environment are taken as empty'
)

/** The document of a task, or of its refusal. It holds every secret: `redact` it before it is shown. */
export const documentOf = ({ outcome, given }: Translated): Json => {
  if (E.isRight(outcome)) return full(given, outcome.right)
  const { made, left } = asked(given.documents, (request) => factsOf(given, request))
  return refusedDocument(outcome.left, {
    document: made === undefined ? undefined : full(given, made),
    left,
    job: given.job
  })
}

type Made = { readonly request: Request.Request; readonly compiled: Compiled }

const full = (given: Offline, { request, compiled }: Made): Json =>
  fullDocument(request, compiled, besideOf(given, request))

const besideOf = (given: Offline, request: Request.Request): Beside => ({
  isImageKnown: isImageKnown(given, request),
  ...(given.job === undefined ? {} : { job: given.job })
})
