import * as RA from 'fp-ts/ReadonlyArray'

import { digestOf } from '../domain/digest'

/**
 * The chain ids of a stack of layers, bottom first: each names a layer together with all below it (image-spec
 * config.md).
 */
export const chainIds = (diffIds: ReadonlyArray<string>): ReadonlyArray<string> =>
  RA.scanLeft('', onTop)(diffIds).slice(1)

const onTop = (below: string, diffId: string): string =>
  below === '' ? diffId : digestOf(`${below} ${diffId}`)
