import * as E from 'fp-ts/Either'
import * as NEA from 'fp-ts/NonEmptyArray'

import { asked } from './Asked'
import { Settled, settled } from './clientTexts'
import { Compiled } from './compile/Compiled'
import { compact } from './domain/canonical'
import { inTask, isSame } from './domain/DocumentPath'
import { Issue, Issues, toldOffline } from './domain/Issue'
import { Json, JsonRecord, toJson } from './domain/Json'
import { Notice } from './domain/Notice'
import { noticesOf as unknownNotices, Unknown, withNames } from './domain/Unknown'
import { about, Facts } from './facts/Facts'
import { StandIns } from './facts/standIns'
import { Beside, fullDocument, refusedDocument } from './fullDocument'
import * as ImageConfig from './image/ImageConfig'
import { imageNotices } from './resolve/imageNotices'
import { noticesOf } from './resolve/noticesOf'
import { imageName } from './resolve/questionsOf'
import * as Request from './resolve/Request'
import { runcNotices } from './resolve/runcNotices'
import { issueWithoutSpread, noticeWithoutSpread, Spread } from './share/Spread'
import { Sketch, sketchOf } from './Sketch'
import { standInFacts } from './standInFacts'
import { translate } from './translate'

/**
 * What is compiled without a host: three documents, the facts that were given, and the config of an image that no fact
 * names. `spread` is in no message.
 */
export interface Offline {
  readonly documents: Request.JobDocuments
  readonly facts: Facts
  readonly image: ImageConfig.ImageConfig
  /** What the job says that no container shows (`core/job/jobParts.ts`). */
  readonly job?: Json
  readonly spread?: Spread
}

/** A task that compiled, or the reasons why it is refused; and what is worth a word either way. */
export interface Translated {
  readonly outcome: E.Either<Issues, Sketch>
  readonly notices: ReadonlyArray<Notice>
  /** What stands under its name in the result. */
  readonly unknowns: ReadonlyArray<Unknown>
  /** Options whose text only a client knows, and of which nothing is in the result. */
  readonly left: ReadonlyArray<Json>
  readonly given: Offline
}

/**
 * Compiles as the driver would; what no fact answers, the sample does (docs/sample.md), or its name stands there.
 */
export const translateOffline = (given: Offline): Translated => {
  const made = translated(given)
  const { spread } = given
  return spread === undefined
    ? { ...made, given }
    : {
        ...made,
        given,
        outcome: E.mapLeft(NEA.map(issueWithoutSpread(spread)))(made.outcome),
        notices: made.notices.map(noticeWithoutSpread(spread))
      }
}

const translated = (given: Offline): Omit<Translated, 'given'> => {
  const { documents, unknowns: texts, left } = settledFor(given)
  const request = Request.decode(documents)
  if (E.isLeft(request)) return { outcome: request, notices: [], unknowns: texts, left }
  const { facts, unknowns: answers } = standInFacts(request.right, given.facts, given.image)
  const compiled = translate(request.right, facts)
  const used = E.isRight(compiled) ? usedIn(compiled.right, answers) : answers
  const unknowns = [...texts, ...used]
  const named = withNames(unknowns)
  const outcome = E.bimap(
    NEA.map((issue: Issue) => named<unknown>(toldOffline(issue)) as Issue),
    (whole: Compiled) => sketchOf(request.right, whole, unknowns)
  )(compiled)
  return { outcome, unknowns, left, notices: named(noticesFor(given, request.right, facts, used)) }
}

/** Not every answer is used: a CDI file may say itself what its device is. */
const usedIn = (compiled: Compiled, answers: ReadonlyArray<Unknown>): ReadonlyArray<Unknown> => {
  if (answers.length === 0) return answers
  const text = compact(toJson(compiled))
  return answers.filter(({ token }) => text.includes(String(token)))
}

const noticesFor = (
  given: Offline, request: Request.Request, facts: Facts, answers: ReadonlyArray<Unknown>
): ReadonlyArray<Notice> => [
  ...noticesOf(request),
  ...runcNotices(request, facts.host, about(facts.images, imageName(request))),
  ...imageNotices(request, about(facts.images, imageName(request))?.config ?? ImageConfig.empty, given.facts.host),
  ...(isImageKnown(given, request) ? [] : [UNKNOWN_IMAGE]),
  ...unknownNotices(answers.filter(({ at }) => !isSame(at, UNKNOWN_IMAGE.at)))
]

/** The documents with what stands for texts of a client's, where a client's texts are in them. */
export const settledFor = ({ documents, facts, image }: Pick<Offline, 'documents' | 'facts' | 'image'>): Settled =>
  settled(documents, (drawn) => {
    const { issues, request } = Request.examine(drawn)
    if (issues.length > 0 || request === undefined) return issues
    const outcome = translate(request, standInFacts(request, facts, image).facts)
    return E.isLeft(outcome) ? outcome.left : []
  })

const isImageKnown = ({ facts, image }: Pick<Offline, 'facts' | 'image'>, request: Request.Request): boolean =>
  image !== ImageConfig.placeholder || Object.hasOwn(facts.images, imageName(request))

const UNKNOWN_IMAGE = Notice(
  inTask('image'),
  'the config of the image is not known (--lock, --facts or --image-config FILE): its program, user and directory stand as names, its environment is taken as empty'
)

/** The document of a task, or of its refusal. It holds every secret: `redact` it before it is shown. */
export const documentOf = ({ outcome, given, unknowns: known, left: cut }: Translated): Json => {
  if (E.isRight(outcome)) {
    const document = full(given, outcome.right, known)
    return cut.length === 0 ? document : { ...(document as JsonRecord), left: cut }
  }
  const drawn = settledFor(given)
  const answers = (request: Request.Request): StandIns => standInFacts(request, given.facts, given.image)
  const { made, left } = asked(drawn.documents, (request) => answers(request).facts)
  const unknowns = [...drawn.unknowns, ...(made === undefined ? [] : answers(made.request).unknowns)]
  return refusedDocument(outcome.left, {
    document: made === undefined ? undefined : full(given, sketchOf(made.request, made.compiled, unknowns), unknowns),
    left: [...cut, ...left.map((one) => withNames(unknowns)<unknown>(one) as Json)],
    job: given.job
  })
}

const full = (given: Offline, { request, compiled }: Sketch, unknowns: ReadonlyArray<Unknown>): Json =>
  withNames(unknowns)<unknown>(fullDocument(request, compiled, besideOf(given, request)))

const besideOf = (given: Offline, request: Request.Request): Beside => ({
  isImageKnown: isImageKnown(given, request),
  ...(given.job === undefined ? {} : { job: given.job })
})
