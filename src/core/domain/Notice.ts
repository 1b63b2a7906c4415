/** Something legal that is worth a word: it never changes the outcome. */
export interface Notice {
  readonly at: string
  readonly text: string
}

export const Notice = (at: string, text: string): Notice => ({ at, text })
