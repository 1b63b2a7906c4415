import * as t from 'io-ts'

import { DocumentPath, placeIn } from '../domain/DocumentPath'

/**
 * Where a decoder found a mistake, as Issues write it. io-ts counts the members of a union as steps of the path: a
 * field's name is the only key that is no number.
 */
export const contextPath = (root: string, context: t.Context): DocumentPath =>
  placeIn(root, ...context.map(({ key }) => key).filter((key) => key !== '' && !/^\d+$/.test(key)))
