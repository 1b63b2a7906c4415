import * as E from 'fp-ts/Either'

import { NODE } from '../../core/domain/labels'

/** The one agent that marked some things, `""` where none did; Left where several `did` so. */
export const onlyAgent = (
  things: ReadonlyArray<{ readonly node: string }>, did: string
): E.Either<string, string> => {
  const nodes = [...new Set(things.map(({ node }) => node).filter((node) => node !== ''))].sort()
  return nodes.length > 1
    ? E.left(`several Nomad clients ${did} here (label ${NODE}): ${nodes.join(', ')}; name one with --node\n`)
    : E.right(nodes[0] ?? '')
}
