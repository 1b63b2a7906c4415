import * as E from 'fp-ts/Either'

import { readText, reasonOf } from './readText'

/** A JSON file, or one sentence that says why it could not be read. */
export const readJson = (file: string): E.Either<string, unknown> => E.chain((text: string) => parseJson(file, text))(readText(file))

const parseJson = (file: string, text: string): E.Either<string, unknown> => {
  try {
    return E.right(JSON.parse(text) as unknown)
  } catch (thrown) {
    return E.left(`${file}: is no JSON: ${reasonOf(thrown)}`)
  }
}
