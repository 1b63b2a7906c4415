import * as path from 'node:path'

import { build } from 'esbuild'

import { fixtures } from '../library/fixtures'
import { inChromium } from '../setup/chromium'

const ROOT = path.join(__dirname, '../..')

/** Compiles every fixture in the page; answers how many there were, and the names of those that came out otherwise than they are stored. */
const PROGRAM = `
  import { compile, explain, pretty } from './src/lib/index'
  export const differing = (fixtures) => {
    const wrong = fixtures.filter(({ documents, facts, spec, issues }) => {
      const made = compile(documents, facts)
      const text = made.ok ? pretty(made.compiled.spec) : [...made.notices, ...made.issues].map((one) => explain(one) + '\\n').join('')
      return text !== (made.ok ? spec : issues)
    })
    return { count: fixtures.length, wrong: wrong.map(({ name }) => name) }
  }`

const bundle = async (): Promise<string> => {
  const { outputFiles: [file] } = await build({
    absWorkingDir: ROOT, stdin: { contents: PROGRAM, resolveDir: ROOT },
    bundle: true, write: false, platform: 'browser', format: 'iife', globalName: 'driver', mainFields: ['module', 'main'], target: 'es2022'
  })
  return file!.text
}

// What would end a script in HTML does not stand in it.
const inScript = (text: string): string => text.replaceAll('</script', '<\\/script')

const page = (script: string, data: unknown): string =>
  `<!doctype html><meta charset="utf-8"><script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script><script>${inScript(script)}</script>`

const RUN = `driver.differing(JSON.parse(document.getElementById('data').textContent))`

describe('the core in a browser', () => {
  it('compiles every fixture to what is stored beside it', async () => {
    const all = fixtures()
    expect(all.length).toBeGreaterThan(150)
    const { value, console: lines } = await inChromium({ html: page(await bundle(), all) }, { evaluate: RUN })
    expect(lines).toEqual([])
    expect(value).toEqual({ count: all.length, wrong: [] })
  })

  it('tells a fixture that came out otherwise', async () => {
    const all = fixtures().slice(0, 3).map((one, index) => (index === 1 ? { ...one, spec: 'other', issues: 'other' } : one))
    const { value } = await inChromium({ html: page(await bundle(), all) }, { evaluate: RUN })
    expect(value).toEqual({ count: 3, wrong: [all[1]!.name] })
  })
})
