import { DocumentPath } from './DocumentPath'

/** Something legal that is worth a word: it never changes the outcome. */
export interface Notice {
  readonly at: DocumentPath
  readonly text: string
}

export const Notice = (at: DocumentPath, text: string): Notice => ({ at, text })
