import * as E from 'fp-ts/Either'
import * as NEA from 'fp-ts/NonEmptyArray'

import { Compiled } from './compile/Compiled'
import { Issues } from './domain/Issue'
import { Json } from './domain/Json'
import { Notice } from './domain/Notice'
import { Facts } from './facts/Facts'
import { sampleFacts } from './facts/sampleFacts'
import { fullDocument, refusedDocument } from './fullDocument'
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
  readonly spread?: Spread
}

/** A task that compiled, or the reasons why it is refused; and what is worth a word either way. */
export interface Translated {
  readonly outcome: E.Either<Issues, { readonly request: Request.Request; readonly compiled: Compiled }>
  readonly notices: ReadonlyArray<Notice>
}

/** Compiles as the driver would; what no fact answers, the sample does (docs/sample.md). */
export const translateOffline = (given: Offline): Translated => {
  const { outcome, notices } = translated(given)
  const { spread } = given
  return spread === undefined
    ? { outcome, notices }
    : {
        outcome: E.mapLeft(NEA.map(issueWithoutSpread(spread)))(outcome),
        notices: notices.map(noticeWithoutSpread(spread))
      }
}

const translated = ({ documents, facts: given, image }: Offline): Translated => {
  const request = Request.decode(documents)
  if (E.isLeft(request)) return { outcome: request, notices: [] }
  const first = sampleFacts(questionsOf(request.right), given, image)
  const facts = sampleFacts(moreQuestions(request.right, first), first, image)
  const later = notExecutedYet(request.right).map(({ at, reason }) => Notice(at, reason))
  const outcome = E.map((compiled: Compiled) => ({ request: request.right, compiled }))(translate(request.right, facts))
  const isUnknown = image === ImageConfig.placeholder && !Object.hasOwn(given.images, imageName(request.right))
  return {
    outcome,
    notices: [
      ...noticesOf(request.right),
      ...runcNotices(request.right, facts.host),
      ...imageNotices(facts.images[imageName(request.right)]?.config ?? ImageConfig.empty),
      ...(isUnknown ? [UNKNOWN_IMAGE] : []),
      ...later
    ]
  }
}

const UNKNOWN_IMAGE = Notice(
  'task.image',
  'the config of the image is not known (--lock, --facts or --image-config FILE): its program stands as a name, its user and environment are taken as empty'
)

/** The document of a task, or of its refusal. It holds every secret: `redact` it before it is shown. */
export const documentOf = ({ outcome }: Translated): Json =>
  E.isLeft(outcome) ? refusedDocument(outcome.left) : fullDocument(outcome.right.request, outcome.right.compiled)
