import * as t from 'io-ts'

/** Options of the runc shim, as an act says them: who owns the pipes of stdout and stderr. */
export const runtimeOptions = t.union([
  t.readonly(t.type({ _tag: t.literal('Runc'), ioUid: t.number, ioGid: t.number })),
  t.readonly(t.type({ _tag: t.literal('None') }))
])
