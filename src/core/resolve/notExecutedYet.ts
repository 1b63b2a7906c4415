import { DocumentPath, inTask } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { Request } from './Request'

/**
 * What this version compiles and does not execute yet: namespaces of users.
 * Whoever runs a task asks this first; whoever only compiles does not. Nothing that a job asks for is ever left out in
 * silence.
 */
export const notExecutedYet = ({ task }: Request): ReadonlyArray<Issue> => [
  ...later(inTask('userns'), task.userns.written, task.userns.value._tag === 'Mapped', 'leave it out')
]

const later = (at: DocumentPath, value: unknown, isSet: boolean, hint: string): ReadonlyArray<Issue> =>
  isSet
    ? [Issue('NotExecutedYet', at, value, 'is understood and compiled, but not executed by this version', hint)]
    : []
