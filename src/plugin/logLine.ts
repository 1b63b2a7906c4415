import { Level } from '../effects/ports/Ports'

/**
 * One line of Nomad's log, as go-plugin reads it from stderr. All of hclog's own keys are strings: another type there
 * ends the agent. The clock has exactly six decimals, else the line is not taken as a log line.
 */
export const logLine = (
  nowMs: number,
  level: Level,
  message: string,
  details: Readonly<Record<string, string>>
): string => {
  const timestamp = new Date(nowMs).toISOString().replace(/(\.\d{3})Z$/, '$1000Z')
  const { '@message': _m, '@level': _l, '@timestamp': _t, ...rest } = details
  return `${JSON.stringify({ '@level': level, '@message': message, '@timestamp': timestamp, ...rest })}\n`
}
