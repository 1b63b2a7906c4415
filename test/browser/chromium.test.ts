import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { inChromium } from '../setup/chromium'

const HTML = `<!doctype html><meta charset="utf-8"><title>page</title>
<style>body { margin: 0; background: white } p { height: 2000px } @media (prefers-color-scheme: dark) { body { background: black } }</style>
<p>ä</p><script>console.log('said', 1)</script>`

const background = 'getComputedStyle(document.body).backgroundColor'

describe('a page in Chromium', () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'chromium-test-'))
  afterAll(() => { fs.rmSync(dir, { recursive: true }) })
  const file = (name: string): string => path.join(dir, name)

  it('is shown in light and in dark, and its console is heard', async () => {
    const light = await inChromium({ html: HTML }, { evaluate: background, screenshot: file('light.png') })
    expect(light).toEqual({ value: 'rgb(255, 255, 255)', console: ['said 1'] })
    fs.writeFileSync(file('page.html'), HTML)
    const dark = await inChromium({ file: file('page.html') }, { dark: true, evaluate: `Promise.resolve(${background})`, screenshot: file('dark.png') })
    expect(dark.value).toBe('rgb(0, 0, 0)')
    const [one, other] = ['light.png', 'dark.png'].map((name) => fs.readFileSync(file(name)))
    expect(one!.subarray(1, 4).toString()).toBe('PNG')
    expect(one!.equals(other!)).toBe(false)
    // IHDR: width, then height, of the whole page and not of the window.
    expect([one!.readUInt32BE(16), one!.readUInt32BE(20)]).toEqual([1280, expect.any(Number)])
    expect(one!.readUInt32BE(20)).toBeGreaterThanOrEqual(2000)
  })

  it('is printed', async () => {
    await inChromium({ html: HTML }, { print: file('page.pdf') })
    expect(fs.readFileSync(file('page.pdf')).subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('that is not there, or that throws, is told', async () => {
    await expect(inChromium({ file: file('absent.html') })).rejects.toThrow(/cannot open .*absent\.html: net::ERR_FILE_NOT_FOUND/)
    await expect(inChromium({ html: '' }, { evaluate: 'null.x' })).rejects.toThrow(/in the page: TypeError/)
    const { console: lines } = await inChromium({ html: '<script>throw new Error("broken")</script>' })
    expect(lines[0]).toContain('broken')
  })
})

describe('without Chromium', () => {
  const PATH = process.env['PATH']
  afterEach(() => { process.env['PATH'] = PATH })

  it('the error says what to install', async () => {
    process.env['PATH'] = '/nowhere'
    await expect(inChromium({ html: '' })).rejects.toThrow('apt-get install --no-install-recommends chromium')
  })
})
