import { Compiled } from './compile/Compiled'
import { Issues } from './domain/Issue'
import { Json, toJson } from './domain/Json'
import { loginOf } from './resolve/loginOf'
import { pullPolicyOf } from './resolve/pullPolicyOf'
import { Request } from './resolve/Request'
import { fetchOf } from './translate'

/**
 * Everything that will be true of a task's container, as one JSON value (`compile --full`): the spec, what no OCI spec
 * says, and how the image
 * is fetched. It holds every secret: `redact` it before it is shown.
 */
export const fullDocument = (request: Request, compiled: Compiled): Json =>
  toJson({
    version: 1,
    ...compiled,
    fetch: { ...fetchOf(request), policy: pullPolicyOf(request), auth: authOf(request) }
  })

/** What stands for the document of a task that is refused. */
export const refusedDocument = (issues: Issues): Json => toJson({ version: 1, issues })

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
