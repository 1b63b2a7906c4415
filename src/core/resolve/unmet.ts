import { Notice } from '../domain/Notice'
import { about, Facts } from '../facts/Facts'
import { portsWithoutNetwork } from './noticesOf'
import { imageName } from './questionsOf'
import { Request } from './Request'
import { runcCannot } from './runcNotices'

/**
 * What a task asks for and will not have, although it starts: a port that nobody can reach, something that the host's
 * runc does not do. Its owner is told, once.
 */
export const unmet = (request: Request, { host, images }: Facts): ReadonlyArray<Notice> => [
  ...portsWithoutNetwork(request),
  ...runcCannot(request, host, about(images, imageName(request)))
]
