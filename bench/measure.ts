import * as fs from 'node:fs'

/** Milliseconds of a clock that only goes on. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6

export const median = (values: ReadonlyArray<number>): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

/** How long something took, in milliseconds. */
export const timed = async (act: () => Promise<unknown>): Promise<number> => {
  const before = now()
  await act()
  return now() - before
}

/** The memory that a process has now. */
export const rssMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) / 1024

const MS_PER_TICK = 10

/**
 * User and system time that a process has used, 0 of one that is gone: fields 14 and 15 of its stat, counted after the
 * name, which may hold anything.
 */
export const cpuMs = (pid: number): number => {
  try {
    const fields = fs.readFileSync(`/proc/${String(pid)}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK
  } catch {
    return 0
  }
}
