import { Notice } from '../domain/Notice'
import { about, Facts } from '../facts/Facts'
import { empty } from '../image/ImageConfig'
import { imageNotices } from './imageNotices'
import { portsWithoutNetwork } from './noticesOf'
import { imageName } from './questionsOf'
import { Request } from './Request'
import { runcCannot } from './runcNotices'

/**
 * What a task asks for and will not have, although it starts: a port that nobody can reach, something that the host's
 * runc does not do, an image made for another machine or with words that mean nothing. Its owner is told, once.
 */
export const unmet = (request: Request, { host, images }: Facts): ReadonlyArray<Notice> => [
  ...portsWithoutNetwork(request),
  ...runcCannot(request, host, about(images, imageName(request))),
  ...imageNotices(request, about(images, imageName(request))?.config ?? empty, host)
]
