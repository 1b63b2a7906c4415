type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error'

/**
 * Writes one line to Nomad's log, as go-plugin reads it from stderr. All of hclog's own keys are strings: another type there
 * ends the agent. The clock has exactly six decimals, else the line is not taken as a log line.
 */
export const log = (level: Level, message: string, details: Readonly<Record<string, string>> = {}): void => {
  const timestamp = new Date().toISOString().replace(/(\.\d{3})Z$/, '$1000Z')
  const { '@message': _m, '@level': _l, '@timestamp': _t, ...rest } = details
  process.stderr.write(`${JSON.stringify({ '@level': level, '@message': message, '@timestamp': timestamp, ...rest })}\n`)
}
