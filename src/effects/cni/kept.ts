import { constants, promises } from 'node:fs'
import { dirname } from 'node:path'

import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { Attachment, attachment as fields } from '../../core/domain/Cni'
import { jsonIn } from '../../core/domain/jsonIn'
import { isOwnDirectory, makeOwnDirectory } from '../host/ownDirectory'
import { unless } from '../host/systemCall'

const PRIVATE = 0o600

const codec = t.intersection([t.type({ attachment: t.type(fields) }), t.partial({ result: t.unknown })])

/** How a container joined a network, and what was answered so far. */
export interface Joined {
  readonly attachment: Attachment
  readonly result: unknown
}

/** Keeps it beside the other files of the container; it appears whole or not at all. */
export const keep = async (doing: string, joined: Joined): Promise<void> => {
  const { record } = joined.attachment
  await makeOwnDirectory(doing, dirname(record))
  const temporary = `${record}.new`
  await promises.rm(temporary, { force: true })
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  const file = await promises.open(temporary, flags, PRIVATE)
  await file.writeFile(JSON.stringify(joined)).finally(() => file.close())
  await promises.rename(temporary, record)
}

/** What is kept of an attachment: as it was made, whatever a conflist of that name says by now. */
export const kept = async (attachment: Attachment): Promise<Joined> => {
  const text = await promises.readFile(attachment.record, 'utf8').catch(unless('ENOENT', 'ENOTDIR'))
  const found = codec.decode(jsonIn(text ?? ''))
  return E.isRight(found) && found.right.attachment.container === attachment.container
    ? { attachment: found.right.attachment, result: found.right.result }
    : { attachment, result: undefined }
}

/** Forgets it, and the container's directory with the last file in it. */
export const forget = async ({ record }: Attachment): Promise<void> => {
  const directory = dirname(record)
  if (!(await isOwnDirectory(directory).catch(unless('ENOENT', 'ENOTDIR')))) return
  for (const file of [`${record}.new`, record]) await promises.rm(file, { force: true })
  await promises.rmdir(directory).catch(unless('ENOENT', 'ENOTEMPTY', 'EEXIST'))
}
