import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { html } from '../../src/core/format/html'
import { Outcome } from '../../src/core/format/Outcome'
import { domOf, printOf, screenshotOf } from '../setup/chromium'
import { COMPARISON, OUTCOME } from '../unit/format/sample'

const CHANGES: Readonly<Record<string, number>> = { unknown: 1, weakens: 1, tightens: 1 }

const PAGE = html(OUTCOME)
const POLICY = /<meta http-equiv="Content-Security-Policy"[^>]*\/>/
const SCRIPT = /<script>[^<]*<\/script>/

/** Asks the page itself what can be seen in it, and leaves the answer in it. */
const PROBE = `<script>
const seen = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.getClientRects().length > 0).length
const see = () => ({
  unknown: seen('.change.unknown'), weakens: seen('.change.weakens'), tightens: seen('.change.tightens'), rows: seen('.diff tbody:not(.fold) tr'),
  shown: document.getElementById('shown').textContent, hasButton: seen('#unfold') > 0,
  sideScroll: document.documentElement.scrollWidth > document.documentElement.clientWidth, back: getComputedStyle(document.body).backgroundColor
})
const states = [see()]
document.getElementById('show-unknown').click(); states.push(see())
document.getElementById('show-unknown').click(); document.querySelector('.fold input').click(); states.push(see())
document.body.dataset.states = JSON.stringify(states)
</script></body>`

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

const written = (name: string, page: string): string => {
  const file = path.join(dir, name)
  fs.writeFileSync(file, page)
  return file
}

const probed = async (name: string, page: string, view: Parameters<typeof domOf>[1] = {}): Promise<readonly [State, State, State]> => {
  const dom = await domOf(written(name, page.replace(POLICY, '').replace('</body>', PROBE)), view)
  const states = /data-states="([^"]*)"/.exec(dom)?.[1]
  if (states === undefined) throw new Error(`the page said nothing: ${dom.slice(-500)}`)
  return JSON.parse(states.replaceAll('&quot;', '"')) as [State, State, State]
}

describe('the html report in Chromium', () => {
  it('shows every change, filters them by verdict, and unfolds equal lines', async () => {
    const [first, filtered, unfolded] = await probed('probe.html', PAGE)
    expect(first).toMatchObject({ ...CHANGES, hasButton: true, sideScroll: false, back: 'rgb(255, 255, 255)' })
    expect(filtered).toMatchObject({ ...CHANGES, unknown: 0, shown: '2 of 3 changes shown' })
    expect(unfolded).toMatchObject({ ...CHANGES, shown: '3 of 3 changes shown', rows: first.rows + 20 })
  })

  it('does all but counting without its script', async () => {
    const [first, filtered, unfolded] = await probed('plain.html', PAGE.replace(SCRIPT, ''))
    expect(first).toMatchObject({ ...CHANGES, hasButton: false, shown: '' })
    expect(filtered).toMatchObject({ ...CHANGES, unknown: 0 })
    expect(unfolded.rows).toBe(first.rows + 20)
  })

  it('is dark for who wants it, and fits a telephone', async () => {
    const [state] = await probed('dark.html', PAGE, { dark: true, width: 500, height: 800 })
    expect(state).toMatchObject({ ...CHANGES, sideScroll: false, back: 'rgb(18, 22, 27)' })
  })

  it('runs its own script and no other', async () => {
    const injected = '<script>document.body.dataset.bad = "script"</script><img src="x" onerror="document.body.dataset.bad = 1"/><p id="styled" style="color: red">x</p></body>'
    const dom = await domOf(written('injected.html', PAGE.replace('</body>', injected)))
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
    const dom = await domOf(written('evil.html', html(outcome).replace(POLICY, '')))
    expect(dom).not.toMatch(/<img|data-bad/)
    expect(dom.match(/<script>/g)).toHaveLength(1)
  })

  it('prints what a screen folds away and filters', async () => {
    const numbers = Array.from({ length: 400 }, (_, index) => index)
    const long = { ...COMPARISON, before: { label: 'a', document: [...numbers, 'x'] }, after: { label: 'b', document: [...numbers, 'y'] } }
    const page = html({ ...OUTCOME, comparisons: [long] })
    const pages = async (name: string, given: string): Promise<number> => {
      const pdf = path.join(dir, `${name}.pdf`)
      await printOf(written(`${name}.html`, given), pdf)
      return fs.readFileSync(pdf, 'latin1').match(/\/Type \/Page\b(?!s)/g)?.length ?? 0
    }
    const [whole, folded] = [await pages('whole', page), await pages('folded', page.replace(POLICY, '').replace('@media screen { @supports', '@media all { @supports'))]
    expect(folded).toBeGreaterThan(0)
    expect(whole).toBeGreaterThan(folded + 2)
  })

  it('can be photographed', async () => {
    const [light, dark] = [path.join(dir, 'light.png'), path.join(dir, 'dark.png')]
    const file = written('page.html', PAGE)
    await screenshotOf(file, { png: light })
    await screenshotOf(file, { png: dark, dark: true })
    const [a, b] = [fs.readFileSync(light), fs.readFileSync(dark)]
    expect([a.subarray(1, 4).toString(), b.subarray(1, 4).toString()]).toEqual(['PNG', 'PNG'])
    expect(a.equals(b)).toBe(false)
  })
})
