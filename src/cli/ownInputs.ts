import { statSync } from 'node:fs'

import { Command } from 'commander'

import { printable } from '../core/domain/printable'

/** Ends a command whose result would be written over a file that it reads. */
export const refuseOwnInputs = (command: Command): void => {
  const { output, report, ...others } = command.opts<Readonly<Record<string, unknown>>>()
  const read = [...command.args, ...Object.values(others).flat()].filter((one) => typeof one === 'string')
  const targets = [['-o', output], ['--report', report]] as const
  targets.forEach(([option, file]) => {
    const own = typeof file === 'string' && read.some((one) => isSame(one, file))
    if (own) command.error(`${option} ${printable(file)}: is read by this command; write to another file`, { exitCode: 2 })
  })
}

const isSame = (one: string, other: string): boolean => {
  const [a, b] = [inodeOf(one), inodeOf(other)]
  return a !== undefined && a === b
}

/** What tells a regular file from all others, whatever it is called. */
const inodeOf = (file: string): string | undefined => {
  try {
    const stat = statSync(file)
    return stat.isFile() ? `${String(stat.dev)}:${String(stat.ino)}` : undefined
  } catch {
    return undefined
  }
}
