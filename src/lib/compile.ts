import * as E from 'fp-ts/Either'

import { FactsDocument } from './FactsDocument'
import { CompiledTask, Refused } from './Result'
import { Documents } from './Told'
import { translated } from './translation'

/**
 * Compiles a task to its OCI runtime spec and all that stands beside it, exactly as the driver does. Refuses with every
 * mistake at once; never throws. The result holds every secret of the environment: `redact` its document before it is
 * shown.
 */
export const compile = (documents: Documents, facts?: FactsDocument): CompiledTask | Refused => {
  const done = translated(documents, facts)
  if (E.isLeft(done)) return done.left
  const { compiled, document, notices } = done.right
  return { ok: true, compiled, document, notices }
}
