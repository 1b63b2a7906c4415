import * as E from 'fp-ts/Either'

import { Files } from './Files'
import { reasonOf } from './readText'

/** A JSON file, or one sentence that says why it could not be read. */
export const readJson = (files: Files, file: string): E.Either<string, unknown> =>
  E.chain((text: string) => parseJson(files.label(file), text))(files.read(file))

const parseJson = (file: string, text: string): E.Either<string, unknown> => {
  try {
    return E.right(JSON.parse(text) as unknown)
  } catch (thrown) {
    return E.left(`${file}: is no JSON: ${reasonOf(thrown)}`)
  }
}
