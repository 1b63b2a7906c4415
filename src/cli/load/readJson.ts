import * as E from 'fp-ts/Either'

import { jsonFault } from '../../core/domain/jsonFault'
import { faultText } from '../../core/report/faultText'
import { Files } from './Files'
import { reasonOf } from './readText'

/** A JSON file, or one sentence that says why it could not be read. */
export const readJson = (files: Files, file: string): E.Either<string, unknown> =>
  E.chain((text: string) => jsonIn(files.label(file), text))(files.read(file))

/** A JSON text; the name of its file stands in the sentence that says what is wrong. */
export const jsonIn = (file: string, text: string): E.Either<string, unknown> => {
  try {
    return E.right(JSON.parse(text) as unknown)
  } catch (thrown) {
    const fault = jsonFault(text)
    return E.left(
      fault === undefined
        ? `${file}: is no JSON: ${reasonOf(thrown)}`
        : faultText(file, text, { ...fault, message: `is no JSON: ${fault.reason}` })
    )
  }
}
