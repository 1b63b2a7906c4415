import { Disk } from './SeenImages'

/** From which percent of the file system on images go although their delay is not over, and down to which. */
export interface Pressure {
  readonly high: number
  readonly low: number
}

const ALL = 100

/** Whether so many percent of a file system are in use, or more. */
export const isOver = ({ usedBytes, totalBytes }: Disk, percent: number): boolean =>
  usedBytes * ALL >= totalBytes * percent

/** What has to be given back until no more than so many percent are in use. */
export const missingBytes = ({ usedBytes, totalBytes }: Disk, percent: number): number =>
  Math.max(0, usedBytes - (totalBytes * percent) / ALL)
