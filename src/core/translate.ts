import * as E from 'fp-ts/Either'

import { compile } from './compile/compile'
import { Compiled } from './compile/Compiled'
import { Issues } from './domain/Issue'
import { markOf } from './domain/mark'
import { PullPolicy } from './domain/PullPolicy'
import { Facts } from './facts/Facts'
import { marked, Plan } from './plan/Plan'
import { Fetch, ImageLimits, planAccess, planFetch, planStart } from './plan/plans'
import { Inquiry, inquiryOf } from './resolve/inquiry'
import { Logins, loginsOf } from './resolve/loginOf'
import { isOwnImage, recordOf } from './resolve/ownImage'
import { pullPolicyOf } from './resolve/pullPolicyOf'
import { imageName, snapshotterOf } from './resolve/questionsOf'
import { Request } from './resolve/Request'
import { resolve } from './resolve/resolve'
import { localImage } from './wanted/localImage'

/** The one function that the CLI and the plugin both call: what is printed is what runs. */
export const translate = (request: Request, facts: Facts): E.Either<Issues, Compiled> =>
  E.map(compile)(resolve(request, facts))

/** What a request needs fetched. */
export const fetchOf = (request: Request): Fetch => ({
  owner: request.allocation.id,
  name: recordOf(request),
  ...localOf(request),
  platform: request.task.platform ?? '',
  snapshotter: snapshotterOf(request),
  hosts: request.plugin.registry.config_path,
  silenceMs: request.plugin.pull_activity_timeout,
  timeoutMs: Math.min(
    request.task.image_pull_timeout ?? request.plugin.image_pull_timeout,
    request.plugin.images.max_pull_timeout ?? Infinity
  ),
  ...(request.plugin.images.require_login ? { requireLogin: true } : {}),
  ...verifierOf(request)
})

const localOf = ({ task, allocation }: Request): Pick<Fetch, 'local'> => {
  const local = localImage(task, allocation)
  return local === undefined ? {} : { local }
}

/** What this host's operator puts up with from an image. */
export const limitsOf = ({ plugin: { images } }: Pick<Request, 'plugin'>): ImageLimits => ({
  maxLayers: images.max_layers,
  maxBytes: images.max_size,
  maxUnpackedBytes: images.max_unpacked_size,
  parallelDownloads: images.max_concurrent_downloads,
  parallelUnpacks: images.parallel_unpacks
})

const verifierOf = ({ plugin: { images: { verifier } } }: Request): Pick<Fetch, 'verifier'> =>
  verifier === undefined
    ? {}
    : {
        verifier: {
          binDir: verifier.bin_dir,
          maxVerifiers: verifier.max_verifiers,
          timeoutMs: verifier.per_verifier_timeout
        }
      }

/** The start of a task. */
export const startPlanOf = (request: Request, compiled: Compiled): Plan =>
  planStart(compiled, fetchOf(request).verifier)

const fetchPlanOf = (request: Request): Plan =>
  marked(planFetch(fetchOf(request), limitsOf(request), pullPolicyOf(request)), markOf(request.allocation))

const accessOf = (request: Request): ReadonlyArray<Plan> =>
  request.plugin.images.require_login && !isOwnImage(request) ? [planAccess(fetchOf(request))] : []

/**
 * The plans of a task: the question to the registry where the operator wants it, the fetch, with its condition, and the
 * start.
 */
export const plansOf = (request: Request, compiled: Compiled): ReadonlyArray<Plan> => [
  ...accessOf(request),
  fetchPlanOf(request),
  startPlanOf(request, compiled)
]

/** What has to be asked, fetched and known before a request can be translated. */
export interface Needs extends Inquiry {
  readonly image: string
  /** When the image is fetched. */
  readonly pull: PullPolicy
  /** What has to succeed before an image is used, be it here or not. */
  readonly access: ReadonlyArray<Plan>
  readonly fetch: Plan
  /** How long the fetch may take, all its steps together. */
  readonly fetchMs: number
  readonly logins: Logins
  /** Names what is made while looking: unique to the task. */
  readonly id: string
}

export const needsOf = (request: Request): Needs => ({
  ...inquiryOf(request),
  image: imageName(request),
  pull: pullPolicyOf(request),
  access: accessOf(request),
  fetch: fetchPlanOf(request),
  fetchMs: fetchOf(request).timeoutMs,
  logins: loginsOf(request),
  id: request.allocation.id.replace(/[^A-Za-z0-9]/g, '-')
})
