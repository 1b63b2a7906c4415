import { execFile } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { pathToFileURL } from 'node:url'

/** How a page is looked at: light or dark, and how wide and high in CSS pixels. */
export interface View {
  readonly dark?: boolean
  readonly width?: number
  readonly height?: number
}

const PROGRAM = '/usr/bin/chromium'

/** Runs Debian's headless Chromium on a file with a profile of its own; resolves to its output. */
const chromium = async (file: string, { dark = false, width = 1280, height = 900 }: View, args: ReadonlyArray<string>): Promise<string> => {
  if (!fs.existsSync(PROGRAM)) throw new Error(`${PROGRAM}: there is no Chromium: apt-get install chromium`)
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'chromium-'))
  const fixed = [
    '--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run', `--user-data-dir=${profile}`,
    `--blink-settings=preferredColorScheme=${dark ? '0' : '1'}`, `--window-size=${String(width)},${String(height)}`
  ]
  try {
    return await new Promise((resolve, reject) => {
      execFile(PROGRAM, [...fixed, ...args, pathToFileURL(file).href], { timeout: 60_000, maxBuffer: 2 ** 28 }, (error, stdout) => {
        if (error === null) resolve(stdout)
        else reject(new Error(`chromium: ${error.message}`))
      })
    })
  } finally {
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

/** A picture of a page, in a file. */
export const screenshotOf = async (file: string, { png, ...view }: View & { readonly png: string }): Promise<void> => {
  await chromium(file, view, [`--screenshot=${png}`])
}

/** A page as it would be printed, in a file. */
export const printOf = async (file: string, pdf: string): Promise<void> => {
  await chromium(file, {}, ['--no-pdf-header-footer', `--print-to-pdf=${pdf}`])
}

/** The elements of a page once its scripts have run. */
export const domOf = (file: string, view: View = {}): Promise<string> => chromium(file, view, ['--dump-dom'])
