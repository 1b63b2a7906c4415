import * as E from 'fp-ts/Either'

import * as ImageReference from '../decode/ImageReference'
import { Secret } from '../domain/Secret'
import { Request } from './Request'

/** The login for the task's image: the task's own, else the operator's where it is for that registry. */
export const loginOf = ({ task, plugin }: Pick<Request, 'task' | 'plugin'>): { readonly username: string; readonly password: Secret } | undefined => {
  const { username, password, server_address: server } = task.auth ?? plugin.auth ?? {}
  const reference = ImageReference.parse(task.image)
  const isMeant = server === undefined || (E.isRight(reference) && reference.right.registry === ImageReference.registryOf(server))
  return username === undefined || password === undefined || !isMeant ? undefined : { username, password }
}
