import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { html } from '../../src/core/format/html'
import { Outcome } from '../../src/core/format/Outcome'
import { inChromium, Visit } from '../setup/chromium'
import { COMPARISON, OUTCOME } from '../unit/format/sample'

const CHANGES: Readonly<Record<string, number>> = { unknown: 1, weakens: 1, tightens: 1 }

const PAGE = html(OUTCOME)
const POLICY = /<meta http-equiv="Content-Security-Policy"[^>]*\/>/
const SCRIPT = /<script>[^<]*<\/script>/

/** What can be seen in the page: first, with `unknown` filtered away, and with all shown again and the first fold opened. */
const PROBE = `(() => {
  const seen = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.getClientRects().length > 0).length
  const see = () => ({
    unknown: seen('.change.unknown'), weakens: seen('.change.weakens'), tightens: seen('.change.tightens'), rows: seen('.diff tbody:not(.fold) tr'),
    shown: document.getElementById('shown').textContent, hasButton: seen('#unfold') > 0,
    sideScroll: document.documentElement.scrollWidth > document.documentElement.clientWidth, back: getComputedStyle(document.body).backgroundColor
  })
  const click = (selector) => { document.querySelector(selector).click(); return see() }
  const first = see()
  const filtered = click('#show-unknown')
  document.querySelector('#show-unknown').click()
  return [first, filtered, click('.fold input')]
})()`

interface State {
  readonly unknown: number
  readonly weakens: number
  readonly tightens: number
  readonly rows: number
  readonly shown: string
  readonly hasButton: boolean
  readonly sideScroll: boolean
  readonly back: string
}

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'html-page-'))

afterAll(() => { fs.rmSync(dir, { recursive: true, force: true }) })

const probed = async (html: string, visit: Visit = {}): Promise<readonly [State, State, State]> =>
  (await inChromium({ html }, { ...visit, evaluate: PROBE })).value as [State, State, State]

const domOf = async (html: string): Promise<string> => String((await inChromium({ html }, { evaluate: 'document.documentElement.outerHTML' })).value)

describe('the html report in Chromium', () => {
  it('shows every change, filters them by verdict, and unfolds equal lines', async () => {
    const [first, filtered, unfolded] = await probed(PAGE)
    expect(first).toMatchObject({ ...CHANGES, hasButton: true, sideScroll: false, back: 'rgb(255, 255, 255)' })
    expect(filtered).toMatchObject({ ...CHANGES, unknown: 0, shown: '2 of 3 changes shown' })
    expect(unfolded).toMatchObject({ ...CHANGES, shown: '3 of 3 changes shown', rows: first.rows + 20 })
  })

  it('does all but counting without its script', async () => {
    const [first, filtered, unfolded] = await probed(PAGE.replace(SCRIPT, ''))
    expect(first).toMatchObject({ ...CHANGES, hasButton: false, shown: '' })
    expect(filtered).toMatchObject({ ...CHANGES, unknown: 0 })
    expect(unfolded.rows).toBe(first.rows + 20)
  })

  it('is dark for who wants it, and fits a telephone', async () => {
    const [state] = await probed(PAGE, { dark: true, size: [500, 800] })
    expect(state).toMatchObject({ ...CHANGES, sideScroll: false, back: 'rgb(18, 22, 27)' })
  })

  it('runs its own script and no other', async () => {
    const injected = '<script>document.body.dataset.bad = "script"</script><img src="x" onerror="document.body.dataset.bad = 1"/><p id="styled" style="color: red">x</p></body>'
    const dom = await domOf(PAGE.replace('</body>', injected))
    expect(dom).not.toContain('data-bad')
    expect(dom).toMatch(/<button id="unfold" type="button">/)
  })

  it('shows the text of a job that means harm as text', async () => {
    const evil = '</script><script>document.body.dataset.bad = 1</script><img src=x onerror="document.body.dataset.bad = 2">'
    const after = { label: evil, document: { [evil]: evil } }
    const change = { ...COMPARISON.changes[0]!, key: evil, reason: evil, cause: evil, after: evil, place: { file: evil, line: 1 } }
    const outcome: Outcome = {
      ...OUTCOME, comparisons: [{ ...COMPARISON, name: evil, after, changes: [change] }], findings: [{ rule: evil, level: 'note', message: evil, task: evil, place: { file: evil } }]
    }
    const dom = await domOf(html(outcome).replace(POLICY, ''))
    expect(dom).not.toMatch(/<img|data-bad/)
    expect(dom.match(/<script>/g)).toHaveLength(1)
  })

  it('prints what a screen folds away and filters', async () => {
    const numbers = Array.from({ length: 400 }, (_, index) => index)
    const long = { ...COMPARISON, before: { label: 'a', document: [...numbers, 'x'] }, after: { label: 'b', document: [...numbers, 'y'] } }
    const page = html({ ...OUTCOME, comparisons: [long] })
    const pages = async (name: string, given: string): Promise<number> => {
      const pdf = path.join(dir, `${name}.pdf`)
      await inChromium({ html: given }, { print: pdf })
      return fs.readFileSync(pdf, 'latin1').match(/\/Type \/Page\b(?!s)/g)?.length ?? 0
    }
    const [whole, folded] = [await pages('whole', page), await pages('folded', page.replace(POLICY, '').replace('@media screen { @supports', '@media all { @supports'))]
    expect(folded).toBeGreaterThan(0)
    expect(whole).toBeGreaterThan(folded + 2)
  })

  it('can be photographed', async () => {
    const [light, dark] = [path.join(dir, 'light.png'), path.join(dir, 'dark.png')]
    await inChromium({ html: PAGE }, { screenshot: light })
    await inChromium({ html: PAGE }, { screenshot: dark, dark: true })
    const [a, b] = [fs.readFileSync(light), fs.readFileSync(dark)]
    expect([a.subarray(1, 4).toString(), b.subarray(1, 4).toString()]).toEqual(['PNG', 'PNG'])
    expect(a.equals(b)).toBe(false)
  })
})
