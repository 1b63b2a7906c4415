import { Compiled } from './compile/Compiled'
import { pathText } from './domain/DocumentPath'
import { Issue, Issues } from './domain/Issue'
import { Json, JsonRecord, toJson } from './domain/Json'
import { Named } from './domain/Unknown'
import { loginOf } from './resolve/loginOf'
import { pullPolicyOf } from './resolve/pullPolicyOf'
import { Request } from './resolve/Request'
import { fetchOf } from './translate'

/** The version of the documents: 2 has what the job says beside its containers (`job`), and who says the user. */
export const DOCUMENT_VERSION = 2

/** What stands in a document that is not compiled. */
export interface Beside {
  /** What the job says that no compiled part says; absent where no job is behind the task. */
  readonly job?: Json
  /** Whether somebody told what the image says. Else nothing is known of its digests and its user. */
  readonly isImageKnown: boolean
}

const KNOWN: Beside = { isImageKnown: true }

/**
 * Everything that will be true of a task's container, as one JSON value (`compile --full`): the spec, what no OCI spec
 * says, how the image is fetched, and what the job asks of Nomad for it. It holds every secret: `redact` it before it
 * is shown.
 */
export const fullDocument = (request: Request, compiled: Named<Compiled>, beside: Beside = KNOWN): Json =>
  toJson({
    version: DOCUMENT_VERSION,
    ...compiled,
    container: containerOf(compiled, beside),
    fetch: { ...fetchOf(request), policy: pullPolicyOf(request), auth: authOf(request) },
    user: userOf(request, beside),
    ...(beside.job === undefined ? {} : { job: beside.job })
  })

/** The digests of an image that nobody knows are made up. */
const containerOf = ({ container }: Named<Compiled>, { isImageKnown }: Beside): unknown =>
  isImageKnown ? container : { ...container, image: { name: container.image.name } }

const userOf = ({ allocation }: Request, { isImageKnown }: Beside): string => {
  if (allocation.user !== '') return 'task'
  return isImageKnown ? 'image' : 'unknown image'
}

/** What a refused task asks for: its document without what is refused, and what was left out to compile it. */
export interface AskedFor {
  readonly document: Json | undefined
  readonly left: ReadonlyArray<Json>
  readonly job: Json | undefined
}

/**
 * What stands for the document of a task that is refused: the issues, and all else that it asks for as it would be if
 * it were let in.
 */
export const refusedDocument = (issues: Issues, { document, left, job }: AskedFor): Json => ({
  ...((document ?? (job === undefined ? {} : { job })) as JsonRecord),
  version: DOCUMENT_VERSION,
  issues: issues.map(issueOf),
  ...(left.length === 0 ? {} : { left })
})

const issueOf = ({ isLookup: _, at, ...issue }: Issue): Json => toJson({ ...issue, at: pathText(at) })

/** Whose login is used for the image. The source counts even where the password is the same. */
const authOf = (request: Request): unknown => {
  const { task, plugin } = request
  const [source, given] = task.auth === undefined ? ['plugin', plugin.auth] : ['task', task.auth]
  if (given === undefined) return { source: 'none' }
  const login = loginOf(request)
  return {
    ...given,
    source,
    isSent: login !== undefined,
    ...(given.password === undefined ? {} : { password: given.password.reveal() })
  }
}
