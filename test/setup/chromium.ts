import { ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'

/** What is done with a page once it has loaded, in this order: dark or light, the expression, the picture, the print. */
export interface Visit {
  /** What the page is told of the reader's wish (prefers-color-scheme). Light when left out. */
  readonly dark?: boolean
  /** Width and height of the window in CSS pixels. 1280 by 800 when left out. */
  readonly size?: readonly [number, number]
  /** An expression of JavaScript; a promise is waited for. */
  readonly evaluate?: string
  /** Where a PNG of the whole page is written. */
  readonly screenshot?: string
  /** Where a PDF of the page is written, as it prints. */
  readonly print?: string
}

/** What came of it: the value of `evaluate`, which must be JSON, and what the page wrote to its console or threw. */
export interface Visited {
  readonly value: unknown
  readonly console: ReadonlyArray<string>
}

/** A page: its HTML, or the file that holds it. */
export type Page = { readonly html: string } | { readonly file: string }

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']
const WITHIN_MS = 60_000

/** Where the browser is; throws with what to install when there is none. */
const chromiumPath = (): string => {
  const found = (process.env['PATH'] ?? '').split(':').flatMap((dir) => NAMES.map((name) => path.join(dir, name))).find((file) => fs.existsSync(file))
  if (found === undefined) throw new Error('no chromium on PATH: npm test installs it on Debian as root; else apt-get install --no-install-recommends chromium')
  return found
}

/** Opens a page in a headless Chromium of its own, does what is asked, and ends it. Rejects after a minute, or when the page cannot be opened. */
export const inChromium = async (page: Page, visit: Visit = {}): Promise<Visited> => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'chromium-'))
  const file = 'file' in page ? path.resolve(page.file) : path.join(home, 'page.html')
  if ('html' in page) fs.writeFileSync(file, page.html)
  const browser = start(home)
  try {
    return await within(WITHIN_MS, Promise.race([visitPage(talk(browser), pathToFileURL(file).href, visit), ended(browser)]))
  } finally {
    await stop(browser)
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

// A sandbox needs rights that root in a container may lack, and /dev/shm is small there.
const FLAGS = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--hide-scrollbars',
  '--disable-background-networking', '--disable-component-update', '--disable-extensions', '--remote-debugging-pipe'
]

const start = (home: string): ChildProcess =>
  spawn(chromiumPath(), [...FLAGS, `--user-data-dir=${path.join(home, 'profile')}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home }
  })

const ended = (browser: ChildProcess): Promise<never> =>
  new Promise((_resolve, reject) => {
    browser.once('exit', (code) => { reject(new Error(`chromium ended with code ${String(code)}`)) })
    browser.once('error', reject)
  })

// Its helpers are of its own process group.
const stop = async (browser: ChildProcess): Promise<void> => {
  if (browser.pid === undefined || browser.exitCode !== null || browser.signalCode !== null) return
  const gone = new Promise((resolve) => browser.once('exit', resolve))
  process.kill(-browser.pid, 'SIGKILL')
  await gone
}

const within = async <A>(ms: number, promise: Promise<A>): Promise<A> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new Error(`chromium took longer than ${String(ms / 1000)} s`)) }, ms)
  })
  return Promise.race([promise, late]).finally(() => { clearTimeout(timer) })
}

/** What came as JSON; the protocol says what is in it. */
type Json = ReturnType<typeof JSON.parse>

/** The DevTools protocol: calls by method, and events to listen to. */
interface Talk {
  readonly call: (method: string, params?: Json, sessionId?: string) => Promise<Json>
  readonly on: (method: string, listen: (params: Json) => void) => void
}

/** Speaks over the pipes 3 and 4: JSON texts, each ended by a NUL byte. */
const talk = (browser: ChildProcess): Talk => {
  const [to, from] = [browser.stdio[3] as Writable, browser.stdio[4] as Readable]
  const waiting = new Map<number, { readonly resolve: (result: Json) => void; readonly reject: (error: Error) => void }>()
  const listeners = new Map<string, (params: Json) => void>()
  const hear = ({ id, error, result, method, params }: Json): void => {
    if (method !== undefined) { listeners.get(method)?.(params); return }
    const call = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) call?.resolve(result)
    else call?.reject(new Error(`chromium: ${error.message}`))
  }
  let rest = ''
  from.setEncoding('utf8').on('data', (chunk: string) => {
    const texts = `${rest}${chunk}`.split('\0')
    rest = texts.pop() ?? ''
    for (const text of texts) hear(JSON.parse(text))
  })
  // A browser that has ended is told of by its exit.
  to.on('error', () => undefined)
  let last = 0
  return {
    call: (method, params = {}, sessionId) => new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve, reject })
      to.write(`${JSON.stringify({ id: last, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`)
    }),
    on: (method, listen) => { listeners.set(method, listen) }
  }
}

const visitPage = async ({ call, on }: Talk, url: string, visit: Visit): Promise<Visited> => {
  const lines: Array<string> = []
  const [width, height] = visit.size ?? [1280, 800]
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true })
  const ask = (method: string, params: Json = {}): Promise<Json> => call(method, params, sessionId)
  on('Runtime.consoleAPICalled', ({ args }) => { lines.push(args.map((one: Json) => one['value'] ?? one['description']).join(' ')) })
  on('Runtime.exceptionThrown', ({ exceptionDetails }) => { lines.push(thrown(exceptionDetails)) })
  const loaded = new Promise<void>((resolve) => { on('Page.loadEventFired', () => { resolve() }) })
  await ask('Page.enable')
  await ask('Runtime.enable')
  await ask('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
  await ask('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: visit.dark === true ? 'dark' : 'light' }] })
  const { errorText } = await ask('Page.navigate', { url })
  if (errorText !== undefined) throw new Error(`chromium cannot open ${url}: ${String(errorText)}`)
  await loaded
  const value = visit.evaluate === undefined ? undefined : await evaluated(ask, visit.evaluate)
  if (visit.screenshot !== undefined) await save(visit.screenshot, ask('Page.captureScreenshot', { captureBeyondViewport: true, ...(await whole(ask)) }))
  if (visit.print !== undefined) await save(visit.print, ask('Page.printToPDF', { printBackground: true, preferCSSPageSize: true }))
  return { value, console: lines }
}

const thrown = ({ text, exception }: Json): string => exception?.description ?? text

const evaluated = async (ask: (method: string, params: Json) => Promise<Json>, expression: string): Promise<unknown> => {
  const { result, exceptionDetails } = await ask('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
  if (exceptionDetails !== undefined) throw new Error(`in the page: ${thrown(exceptionDetails)}`)
  return result.value
}

const whole = async (ask: (method: string) => Promise<Json>): Promise<Json> => {
  const { cssContentSize } = await ask('Page.getLayoutMetrics')
  return { clip: { x: 0, y: 0, width: cssContentSize.width, height: cssContentSize.height, scale: 1 } }
}

const save = async (file: string, made: Promise<Json>): Promise<void> => { fs.writeFileSync(file, Buffer.from((await made)['data'], 'base64')) }
