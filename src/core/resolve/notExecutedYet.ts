import { DocumentPath, inPlugin, inTask } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { Request } from './Request'

/**
 * What this version compiles and does not execute yet: name servers of its own, its own logins, namespaces of users.
 * Whoever runs a task asks this first; whoever only compiles does not. Nothing that a job asks for is ever left out in
 * silence.
 */
export const notExecutedYet = ({ task, plugin }: Request): ReadonlyArray<Issue> => [
  ...later(inTask('userns'), task.userns.written, task.userns.value._tag === 'Mapped', 'leave it out'),
  ...later(inTask('auth_soft_fail'), true, task.auth_soft_fail, 'leave it out'),
  ...later(inPlugin('auth', 'config'), plugin.auth?.config, plugin.auth?.config !== undefined, LOGIN),
  ...later(inPlugin('auth', 'helper'), plugin.auth?.helper, plugin.auth?.helper !== undefined, LOGIN)
]

const LOGIN = 'use `username` and `password`'

const later = (at: DocumentPath, value: unknown, isSet: boolean, hint: string): ReadonlyArray<Issue> =>
  isSet
    ? [Issue('NotExecutedYet', at, value, 'is understood and compiled, but not executed by this version', hint)]
    : []
