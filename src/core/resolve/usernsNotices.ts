import { inTask } from '../domain/DocumentPath'
import { Notice } from '../domain/Notice'
import { groupNamespace } from '../wanted/ownNetwork'
import { isJoined } from './files'
import { isOnHost } from './network'
import { Request } from './Request'

/**
 * What a namespace of users cannot do in a network that it did not make (user_namespaces(7): capabilities act only on
 * what the namespace owns). Only a task with its loopback alone has a network of its own users.
 */
export const usernsNotices = (request: Request): ReadonlyArray<Notice> => {
  const isOthers = isOnHost(request) || groupNamespace(request.allocation) !== '' || isJoined(request)
  return request.task.userns.value._tag === 'Mapped' && isOthers ? [Notice(inTask('userns'), POWERLESS)] : []
}

const POWERLESS =
  "the network belongs to the host's users: NET_ADMIN, NET_RAW and NET_BIND_SERVICE have no effect in it, so listen on ports from 1024 on"
