import { mibText, sizeText } from '../sizeText'

const BAR = 24
const EVERY_MS = 100
const LINE_EVERY_MS = 10_000

/** Where progress is shown: a terminal has its last line written over. */
export interface Screen {
  readonly isTerminal: boolean
  readonly write: (text: string) => void
  readonly now: () => number
}

/** How far something is. */
export interface Come {
  readonly bytes: number
  readonly ofBytes: number
}

/** Shows how far a download is. */
export interface Meter {
  readonly begins: () => void
  readonly comes: (come: Come) => void
  /** Shows no more; `text` is the last word. */
  readonly ends: (text: string) => void
}

/** A bar with its rate on a terminal, a line now and then elsewhere. */
export const Meter = (image: string, { isTerminal, write, now }: Screen): Meter => {
  const beganMs = now()
  const state = { shownMs: beganMs, isBar: false, fetched: 0 }
  const clear = (): void => { if (state.isBar) write('\r\u001b[K') }
  const isDue = (come: Come): boolean =>
    now() - state.shownMs >= (isTerminal ? EVERY_MS : LINE_EVERY_MS) || (isTerminal && come.bytes === come.ofBytes)
  return {
    begins: () => { if (!isTerminal) write(`${image}: downloading\n`) },
    comes: (come) => {
      state.fetched = come.bytes
      if (!isDue(come)) return
      state.shownMs = now()
      const far = `${comeText(come)}, ${rateText(come.bytes, now() - beganMs)}`
      clear()
      write(isTerminal ? `${image} ${barText(come)} ${far}` : `${image}: ${far}\n`)
      state.isBar = isTerminal
    },
    ends: (text) => {
      clear()
      state.isBar = false
      write(text)
    }
  }
}

/** `[######      ]`, as far as the bytes go. */
export const barText = ({ bytes, ofBytes }: Come): string => {
  const full = ofBytes === 0 ? 0 : Math.min(BAR, Math.floor((bytes / ofBytes) * BAR))
  return `[${'#'.repeat(full)}${' '.repeat(BAR - full)}]`
}

const comeText = ({ bytes, ofBytes }: Come): string => `${mibText(bytes)} of ${sizeText(ofBytes)}`

const rateText = (bytes: number, ms: number): string => `${sizeText(ms <= 0 ? 0 : (bytes / ms) * 1000)}/s`
