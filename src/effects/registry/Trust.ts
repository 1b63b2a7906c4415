/** How a place is connected to, beside what every place is: its own authorities, and our certificate for it. In PEM. */
export interface Trust {
  readonly ca: ReadonlyArray<string>
  readonly client: ReadonlyArray<{ readonly cert: string; readonly key: string }>
  readonly skipVerify: boolean
}

/** What is trusted where nobody says otherwise. */
export const USUAL: Trust = { ca: [], client: [], skipVerify: false }
