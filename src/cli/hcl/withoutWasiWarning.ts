/** Awaits `make` with Node's warning that WASI is experimental silenced, and no other warning; loading the module gives it. */
export const withoutWasiWarning = async <A>(make: () => Promise<A>): Promise<A> => {
  const before = process.emitWarning
  const emitWarning = (...told: ReadonlyArray<unknown>): void => {
    if (!isAboutWasi(told)) Reflect.apply(before, process, [...told])
  }
  process.emitWarning = emitWarning as typeof process.emitWarning
  try {
    return await make()
  } finally {
    process.emitWarning = before
  }
}

const isAboutWasi = ([warning, kind]: ReadonlyArray<unknown>): boolean =>
  kind === 'ExperimentalWarning' && String(warning).startsWith('WASI')
