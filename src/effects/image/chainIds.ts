import { createHash } from 'node:crypto'

/** The chain ids of a stack of layers, bottom first: each names a layer together with all below it (image-spec config.md). */
export const chainIds = (diffIds: ReadonlyArray<string>): ReadonlyArray<string> =>
  diffIds.reduce<ReadonlyArray<string>>((made, diffId) => {
    const below = made.at(-1)
    return [...made, below === undefined ? diffId : `sha256:${createHash('sha256').update(`${below} ${diffId}`).digest('hex')}`]
  }, [])
