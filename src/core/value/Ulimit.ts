/** Soft and hard limit; -1 is none. */
export interface Ulimit {
  readonly soft: number
  readonly hard: number
}

/** A limit with its full name, `RLIMIT_NOFILE`. */
export interface NamedUlimit extends Ulimit {
  readonly type: string
}

/** No limit. */
export const NONE = -1

/** Reads `soft:hard`, or one number for both; undefined when it is neither, or soft is above hard. */
export const parse = (text: string): Ulimit | undefined => {
  const numbers = text.split(':').map(numberOf)
  const [soft, hard = soft] = numbers
  if (soft === undefined || hard === undefined || numbers.length > 2 || numbers.includes(undefined)) return undefined
  return hard === NONE || (soft !== NONE && soft <= hard) ? { soft, hard } : undefined
}

const numberOf = (text: string): number | undefined => {
  if (text === '-1' || text === 'unlimited') return NONE
  return /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined
}
