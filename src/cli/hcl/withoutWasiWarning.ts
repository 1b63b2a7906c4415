/**
 * Awaits `load` without Node's notice, given as it loads the module, that WASI is experimental; other warnings pass.
 */
export const withoutWasiWarning = async <A>(load: () => Promise<A>): Promise<A> => {
  const before = Object.getOwnPropertyDescriptor(process, 'emitWarning')
  const emit: unknown = before?.value
  if (before === undefined || typeof emit !== 'function') return load()
  const emitWarning = (...told: ReadonlyArray<unknown>): void => {
    if (!isAboutWasi(told)) Reflect.apply(emit, process, told)
  }
  Object.defineProperty(process, 'emitWarning', { ...before, value: emitWarning })
  try {
    return await load()
  } finally {
    Object.defineProperty(process, 'emitWarning', before)
  }
}

const isAboutWasi = ([warning, kind]: ReadonlyArray<unknown>): boolean =>
  kind === 'ExperimentalWarning' && String(warning).startsWith('WASI')
