import { statSync } from 'node:fs'
import { join } from 'node:path'

import { Command } from 'commander'

import { printable } from '../../core/domain/printable'

/** Ends a command whose result would be written over a file that it reads. */
export const refuseOwnInputs = (command: Command): void => {
  const { output, report, ...others } = command.opts<Readonly<Record<string, unknown>>>()
  const read = [...command.args, ...Object.values(others).flat()]
    .filter((one) => typeof one === 'string')
    .flatMap(filesOf)
  const targets = [
    ['-o', output],
    ['--report', report]
  ] as const
  targets.forEach(([option, file]) => {
    const own = typeof file === 'string' && read.some((one) => isSame(one, file))
    if (own)
      command.error(`${option} ${printable(file)}: is read by this command; write to another file`, { exitCode: 2 })
  })
}

const IN_DIRECTORIES = ['task.json', 'plugin.json', 'allocation.json', 'facts.json', 'containerd-driver.json']

/** What is read of an input: itself, and of a fixture directory or a suite the files in it. */
export const filesOf = (input: string): ReadonlyArray<string> => [
  input,
  ...IN_DIRECTORIES.map((name) => join(input, name))
]

/** Whether two names lead to one regular file. */
export const isSame = (one: string, other: string): boolean => {
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
