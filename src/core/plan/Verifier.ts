import * as t from 'io-ts'

/**
 * Who is asked whether an image may be here: the executables of a directory (`""`: nobody), at most so many of them
 * (-1: all), and how long each may take (containerd, docs/image-verification.md).
 */
export const verifier = t.readonly(t.type({ binDir: t.string, maxVerifiers: t.number, timeoutMs: t.number }))

export type Verifier = t.TypeOf<typeof verifier>

/** Nobody is asked. */
export const NO_VERIFIER: Verifier = { binDir: '', maxVerifiers: 0, timeoutMs: 0 }

/** An image, and who is asked about it. */
export const asksFor = (image: string, { binDir }: Verifier): string =>
  binDir === '' ? image : `${image}, if ${binDir} lets it in`

/** An image that is here, what it has to be where that is known, and who is asked about it. */
export const asVerified = (image: string, digest: string, { binDir }: Verifier): string =>
  `${image}${digest === '' ? '' : ` as ${digest}`} by ${binDir}`
