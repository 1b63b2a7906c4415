import { Around } from './Around'
import { confinementRows } from './confinement'
import { filesRows } from './files'
import { imageRows } from './image'
import { limitsRows } from './limits'
import { networkRows } from './network'
import { podmanRows } from './podman'
import { processRows } from './process'
import { Row, Rows } from './Row'

/** Every option of a task of Nomad's docker driver, and what becomes of it. */
export const rows: Rows = {
  ...imageRows,
  ...processRows,
  ...confinementRows,
  ...networkRows,
  ...limitsRows,
  ...filesRows
}

/** The rows of the driver that a task has now. */
export const rowsOf = (driver: Around['driver']): Rows => (driver === 'docker' ? rows : podmanRows)

/** Every row with its name, those inside as `auth.username`. */
export const everyRow = (of: Rows = rows, prefix = ''): ReadonlyArray<readonly [string, Row]> =>
  Object.entries(of).flatMap(([name, row]) => [
    [`${prefix}${name}`, row] as const,
    ...(row.rows === undefined ? [] : everyRow(row.rows, `${prefix}${name}.`))
  ])
