import { promises } from 'node:fs'

import { mkfifo } from './mkfifo'
import { makeOwnDirectory } from './ownDirectory'
import { unless } from './systemCall'

/**
 * Named pipes that are made ahead, a few at a time, in a directory of their own that only this user can enter: to make
 * them takes a process, which costs more than all else that is done for them. They have no owner, and the next process
 * of the driver takes those that it finds.
 */
export interface PipeStock {
  /** Puts a pipe that nobody has opened at each path; what the stock does not have is made. Throws `Thrown`. */
  readonly place: (doing: string, directory: string, paths: ReadonlyArray<string>) => Promise<void>
}

const FEW = 6
const MANY = 24
const PRIVATE = 0o700

// Whoever took the last is not kept waiting by the process that makes more.
const LATER_MS = 50

export const PipeStock = (): PipeStock => {
  const stocks = new Map<string, Stock>()
  return {
    place: async (doing, directory, paths) => {
      const stock = stocks.get(directory) ?? { directory, spares: [], isFilling: false, made: 0 }
      stocks.set(directory, stock)
      const missing: Array<string> = []
      for (const path of paths) if (!(await moved(stock, path))) missing.push(path)
      if (stock.spares.length < FEW) fillLater(stock)
      if (missing.length > 0) await mkfifo(doing, missing)
    }
  }
}

interface Stock {
  readonly directory: string
  readonly spares: Array<string>
  isFilling: boolean
  made: number
}

/** Another process of the driver may have taken one that is known here. */
const moved = async ({ directory, spares }: Stock, path: string): Promise<boolean> => {
  for (let spare = spares.pop(); spare !== undefined; spare = spares.pop()) {
    const isHere = await promises.rename(`${directory}/${spare}`, path).then(() => true, unless('ENOENT', 'ENOTDIR'))
    if (isHere === true) return true
  }
  return false
}

const fillLater = (stock: Stock): void => {
  if (stock.isFilling) return
  stock.isFilling = true
  setTimeout(() => {
    // Whoever wants a pipe next makes it, and is told why not.
    void fill(stock).catch(() => undefined).finally(() => { stock.isFilling = false })
  }, LATER_MS).unref()
}

const fill = async (stock: Stock): Promise<void> => {
  const { directory, spares } = stock
  await makeOwnDirectory('make pipes ahead', directory, PRIVATE)
  const found = (await promises.readdir(directory, { withFileTypes: true })).filter((one) => one.isFIFO())
  const wanted = Math.max(0, MANY - found.length)
  const start = `${String(process.pid)}-${String(Date.now())}`
  const names = Array.from({ length: wanted }, () => `${start}-${String(stock.made++)}`)
  if (names.length > 0) await mkfifo('make pipes ahead', names.map((name) => `${directory}/${name}`))
  spares.splice(0, spares.length, ...found.map(({ name }) => name), ...names)
}

/** The pipes in the stock below a state directory whose maker does not run any more, by their paths. */
export const sparesIn = async (stateDirectory: string): Promise<ReadonlyArray<string>> => {
  const directory = stockBelow(stateDirectory)
  const names = (await promises.readdir(directory).catch(unless('ENOENT', 'ENOTDIR'))) ?? []
  const isLeft = names.map((name) => promises.access(`/proc/${name.split('-')[0] ?? ''}`).then(() => false, () => true))
  const left = await Promise.all(isLeft)
  return names.filter((_name, index) => left[index]).map((name) => `${directory}/${name}`)
}

/** Where the stock is: beside the directories of the containers, as no border of file systems may be in the way. */
export const stockBelow = (stateDirectory: string): string => `${stateDirectory}/.pipes`
