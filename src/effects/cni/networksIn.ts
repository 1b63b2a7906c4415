import { promises } from 'node:fs'

import * as E from 'fp-ts/Either'

import { Attachment, decodeAttachment } from '../../core/domain/Cni'
import { isRecord } from '../../core/domain/isRecord'
import { jsonIn } from '../../core/domain/jsonIn'
import { unless } from '../host/systemCall'

/** The networks that a container joined, as the files in its directory keep them. */
export const networksIn = async (
  directory: string, names: ReadonlyArray<string>
): Promise<ReadonlyArray<Attachment>> =>
  (await Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => joinedIn(`${directory}/${name}`))))
    .flat()

const joinedIn = async (file: string): Promise<ReadonlyArray<Attachment>> => {
  const text = await promises.readFile(file, 'utf8').catch(unless('ENOENT', 'ENOTDIR', 'EISDIR'))
  const value = jsonIn(text ?? '')
  const found = decodeAttachment(isRecord(value) ? value['attachment'] : undefined)
  return E.isRight(found) ? [found.right] : []
}
