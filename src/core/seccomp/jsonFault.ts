import { jsonFault as faultIn } from '../domain/jsonFault'

/** Where a text stops being JSON and what was expected there: `: line 3, column 7 has …`; undefined when it is JSON. */
export const jsonFault = (source: string): string | undefined => {
  const fault = faultIn(source)
  return fault === undefined ? undefined : `: line ${fault.line}, column ${fault.column} ${fault.reason}`
}
