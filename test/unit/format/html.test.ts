import { createHash } from 'node:crypto'

import { linesOf } from '../../../src/core/diff/unifiedDiff'
import { differing } from '../../../src/core/format/differingParts'
import { html } from '../../../src/core/format/html'
import { STYLE } from '../../../src/core/format/htmlStyle'
import { sideBySide } from '../../../src/core/format/sideBySide'
import { elements, parseXml } from '../../laws/xml'
import { COMPARISON, EMPTY, OUTCOME } from './sample'

const rootOf = (page: string): ReturnType<typeof parseXml> => parseXml(page.replace(/<script>[^<]*<\/script>/, ''))

describe('the html format', () => {
  it('has every change with its reason and cause, and an anchor for each', () => {
    const root = rootOf(html(OUTCOME))
    const items = elements(root, 'li').map(({ attributes, text }) => `${attributes['id']} ${attributes['class']}: ${text}`)
    expect(items).toEqual([
      'f1 finding note: noteweb.nomad.hcl web/appimage: has no digest notice',
      'f2 finding warning: warningignore.json:2matches no change unused-ignore',
      'f3 finding error: errorjobs/b 1.hcl:14,9 b/jobtask.comand: is no option here unknown-option',
      'c1-1 change unknown: ?unknown program/container/image/name"web:1" became "web:2"other code runs - at web.nomad.hcl:3',
      `c1-2 change weakens: ▲weakens isolation/spec/process/noNewPrivilegestrue became false${COMPARISON.changes[1]!.reason} - caused by task.no_new_privileges at web.nomad.hcl:12`,
      `c1-3 change tightens: ▼tightens isolation/spec/root/readonlyfalse became true${COMPARISON.changes[2]!.reason} - at web.nomad.hcl:3`
    ])
    expect(elements(root, 'section').map(({ attributes }) => attributes['id'])).toEqual(['findings', 'c1'])
  })

  it('allows its own style and script by their digests, and nothing else', () => {
    const page = html(OUTCOME)
    const digest = (tag: string): string =>
      createHash('sha256').update(new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(page)![1]!).digest('base64')
    expect(/Content-Security-Policy" content="([^"]*)"/.exec(page)![1]).toBe(
      `default-src 'none'; style-src 'sha256-${digest('style')}'; script-src 'sha256-${digest('script')}'; base-uri 'none'; form-action 'none'`)
    expect(page).not.toMatch(/https?:|url\(|@import| style="| on[a-z]+="/)
  })

  it('lists several comparisons with links', () => {
    const root = rootOf(html({ ...OUTCOME, comparisons: [COMPARISON, { ...COMPARISON, name: '<other>' }] }))
    const [nav] = elements(root, 'nav')
    expect(elements(nav!, 'a').map(({ attributes, text }) => `${attributes['href']} ${text}`)).toEqual(['#c1 web.nomad.hcl web/app', '#c2 <other>'])
  })

  it('is a whole page when nothing was found', () => {
    const root = rootOf(html(EMPTY))
    expect(elements(root, 'main')[0]!.text.trim()).toBe('')
    expect(elements(root, 'header')[0]!.text).toContain('Nothing was found.')
    expect(html(EMPTY)).not.toContain('<script>')
  })

  it('folds what is equal far from a change, and marks what differs within a line', () => {
    const root = rootOf(html(OUTCOME))
    expect(elements(root, 'label').map(({ text }) => text.trim()).slice(4)).toEqual(['show 20 equal lines'])
    expect(elements(root, 'mark').map(({ text, attributes }) => `${attributes['class']} ${text}`)).toEqual(['gone 1', 'come 2', 'gone true', 'come false', 'gone false', 'come true'])
    const rows = elements(root, 'tr').slice(1).map(({ children }) => children.map(({ text }) => text.trim()))
    expect(rows).toContainEqual(['4', '"name": "web:1"', '4', '"name": "web:2"'])
  })
})

describe('the markup of the page', () => {
  const change = { pointer: '/a', key: '/a', verdict: 'weakens', subject: 'isolation', reason: 'r' } as const
  const tiny = {
    ...EMPTY, looked: ['n'],
    comparisons: [{
      name: 'n', before: { label: 'old', document: { a: 1 } }, after: { label: 'new', document: { a: 2 } },
      changes: [
        { ...change, kind: 'changed', before: 1, after: 2, cause: 'c', place: { file: 'f', line: 1, column: 2 } }, { ...change, kind: 'added', after: 2 },
        { ...change, kind: 'removed', before: 1 }, { ...change, kind: 'reordered' }
      ]
    }]
  } as const
  const body = html(tiny).replace(/^[^]*<body>\n/, '').replace(/<script>[^]*$/, '')

  it('has a header with the filter', () => {
    expect(body.slice(0, body.indexOf('<main>')).split('\n')).toEqual([
      '<header class="top">',
      '<h1>containerd-driver golden check</h1>',
      '<p>4 weakens</p>',
      '<p class="quiet">1 input looked at; version 1.2.3</p>',
      `<fieldset class="filter"><legend>Show changes:</legend>${[['weakens', '▲', 4], ['unknown', '?', 0], ['neutral', '=', 0], ['tightens', '▼', 0]].map(([verdict, sign, count]) =>
        `<label class="badge ${verdict}"><input type="checkbox" id="show-${verdict}" value="${verdict}" checked="" autocomplete="off"/><span aria-hidden="true">${sign}</span>${verdict} ${count}</label>`).join('')
      }<span class="tools"><button id="unfold" type="button" hidden="">Show all equal lines</button> <span id="shown" class="quiet" role="status"></span></span></fieldset>`,
      '</header>',
      ''
    ])
  })

  it('has a section with the changes and both documents', () => {
    const badge = '<span class="badge"><span aria-hidden="true">▲</span>weakens <span class="subject">isolation</span></span>'
    const item = (number: number, rest: string): string =>
      `<li id="c1-${number}" class="change weakens">${badge}<div><p class="key"><a href="&#35;c1-${number}"><code>/a</code></a></p>${rest}</div></li>`
    expect(body.slice(body.indexOf('<main>')).split('\n')).toEqual([
      '<main>',
      '<section id="c1" aria-labelledby="c1-name">',
      '<h2 id="c1-name"><a href="&#35;c1">n</a></h2>',
      '<p class="quiet">4 changes</p>',
      '<ul class="list">',
      item(1, '<p class="what"><code><del>1</del></code> became <code><ins>2</ins></code></p><p>r<span class="quiet"> - caused by <code>c</code> at <code>f:1</code></span></p>'),
      item(2, '<p class="what">added <code><ins>2</ins></code></p><p>r</p>'),
      item(3, '<p class="what">removed <code><del>1</del></code></p><p>r</p>'),
      item(4, '<p class="what">in another order</p><p>r</p>'),
      '</ul>',
      '<table class="diff"><caption class="hidden">n, both documents line by line</caption><colgroup><col/><col/><col/><col/></colgroup><thead><tr><th scope="col" colspan="2">old</th><th scope="col" colspan="2">new</th></tr></thead>',
      '<tbody>',
      '<tr><td>1</td><td class="same">{</td><td>1</td><td class="same">{</td></tr>',
      '</tbody><tbody>',
      '<tr class="changed"><td>2</td><td><del>  &#34;a&#34;: <mark class="gone">1</mark></del></td><td>2</td><td><ins>  &#34;a&#34;: <mark class="come">2</mark></ins></td></tr>',
      '</tbody><tbody>',
      '<tr><td>3</td><td class="same">}</td><td>3</td><td class="same">}</td></tr>',
      '</tbody></table>',
      '</section>',
      '</main>',
      ''
    ])
  })

  it('has a head that names it', () => {
    expect(html(tiny)).toMatch(/^<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"\/>\n/)
    expect(html(tiny)).toContain('<title>containerd-driver golden check: 4 weakens</title>')
    expect(html(tiny)).toContain("box.addEventListener('change', tell)")
  })
})

describe('documents beside each other', () => {
  const shape = (before: string, after: string): ReadonlyArray<string> =>
    sideBySide(linesOf(JSON.parse(before), JSON.parse(after))).map(({ _tag, rows }) =>
      `${_tag} ${rows.map((row) => `${row.before?.number ?? '-'}:${row.after?.number ?? '-'}`).join(' ')}`)

  it('pairs changed lines, and leaves a side empty where it has none', () => {
    expect(shape('[1,2]', '[1,2,3]')).toEqual(['Equal 1:1 2:2', 'Changed 3:3 -:4', 'Equal 4:5'])
  })

  it('folds four equal lines or more, three away from a change and none before the first', () => {
    const list = (length: number, last: number): string => JSON.stringify([...Array.from({ length }, (_, index) => index), last])
    expect(shape(list(5, 98), list(5, 99))[0]).toBe('Equal 1:1 2:2 3:3 4:4 5:5 6:6')
    expect(shape(list(6, 98), list(6, 99)).slice(0, 2)).toEqual(['Folded 1:1 2:2 3:3 4:4', 'Equal 5:5 6:6 7:7'])
  })
})

describe('where two lines differ', () => {
  it.each([
    ['a-b-c', 'a-x-c', ['a-', 'b', '-c'], ['a-', 'x', '-c']], ['aa', 'aaa', ['', 'aa', ''], ['', 'aaa', '']], ['a', 'a,', ['a', '', ''], ['a', ',', '']], ['x true,', 'x false,', ['x ', 'true', ','], ['x ', 'false', ',']], ['', 'a', ['', '', ''], ['', 'a', '']],
    ['😀b', '😁b', ['', '😀', 'b'], ['', '😁', 'b']], ['same', 'same', ['same', '', ''], ['same', '', '']]
  ])('%j and %j', (a, b, left, right) => {
    expect(differing(a, b)).toEqual([left, right])
  })
})

describe('the colours of the page', () => {
  const palette = (block: string): ReadonlyMap<string, string> => new Map([...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name, colour]) => [name!, colour!]))
  const [light = '', dark = ''] = STYLE.split('\n@media screen and (prefers-color-scheme: dark)')

  const luminance = (colour: string): number => {
    const [r, g, b] = [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
  }
  const contrast = (a: string, b: string): number => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x)
    return (high! + 0.05) / (low! + 0.05)
  }
  const PAIRS: ReadonlyArray<readonly [string, string]> = [
    ...['text', 'quiet', 'link'].flatMap((ink) => [[ink, 'page'] as const, [ink, 'panel'] as const]), ...['gone', 'come', 'gone-mark', 'come-mark'].map((back) => ['text', back] as const),
    ['quiet', 'gone'], ['quiet', 'come'], ...['weakens', 'unknown', 'neutral', 'tightens'].map((verdict) => [verdict, `${verdict}-back`] as const)
  ]

  it.each([['light', light], ['dark', dark]])('have a contrast of 4.5 at least: %s', (_name, block) => {
    const colours = palette(block)
    for (const [ink, back] of PAIRS) expect([ink, back, contrast(colours.get(ink)!, colours.get(back)!) >= 4.5]).toEqual([ink, back, true])
  })
})
