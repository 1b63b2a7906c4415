import { Row, Rows } from './Row'
import { confinementRows } from './rows/confinement'
import { filesRows } from './rows/files'
import { imageRows } from './rows/image'
import { limitsRows } from './rows/limits'
import { networkRows } from './rows/network'
import { processRows } from './rows/process'

/** Every option of a task of Nomad's docker driver, and what becomes of it. */
export const rows: Rows = { ...imageRows, ...processRows, ...confinementRows, ...networkRows, ...limitsRows, ...filesRows }

/** Every row with its name, those inside as `auth.username`. */
export const everyRow = (of: Rows = rows, prefix = ''): ReadonlyArray<readonly [string, Row]> =>
  Object.entries(of).flatMap(([name, row]) => [
    [`${prefix}${name}`, row] as const,
    ...(row.rows === undefined ? [] : everyRow(row.rows, `${prefix}${name}.`))
  ])
