import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { type HclRequest, type HclResult, parseHcl } from '../../../../src/cli/hcl/parseHcl'

const WASM = path.join(__dirname, '../../../../dist/jobspec.wasm')

const job = (option: string, before = ''): string => `${before}\njob "a" {\n  group "g" {\n    task "t" {\n      driver = "d"\n      config {\n        ${option}\n      }\n    }\n  }\n}\n`

const BAD: ReadonlyArray<readonly [string, string, RegExp]> = [
  ['open brackets', job(`x = ${'['.repeat(200_000)}`), /^brackets are nested more than 250 deep/],
  ['closed brackets', job(`x = ${'['.repeat(200_000)}${']'.repeat(200_000)}`), /^brackets are nested more than 250 deep/],
  ['open blocks', 'a {\n'.repeat(100_000), /^brackets are nested more than 250 deep/],
  ['templates in templates', job(`x = ${'"${'.repeat(50_000)}`), /^brackets are nested more than 250 deep/],
  ['signs', job(`x = ${'!'.repeat(200_000)}true`), /^is nested too deeply, or has too long an expression/],
  ['choices', job(`x = ${'true ? 1 : '.repeat(50_000)}2`), /^is nested too deeply, or has too long an expression/],
  ['sums', job(`x = ${'1 + '.repeat(40_000)}2`), /^is nested too deeply, or has too long an expression/],
  ['a cycle of locals', job('image = local.a', 'locals {\n  a = local.b\n  b = local.a\n}'), /^these locals need each other: a -> b -> a$/],
  ['a function that breaks', job('image = indent(6000000000, "a\\nb")'), /it cannot do that with these values \(runtime error: makeslice: len out of range\)$/],
  ['a text of 4 GB', job('image = indent(4290000000, "a\\nb")'), /^needs more memory than the parser has/],
  ['NUL bytes', 'job "a" {\n  name = "\u0000"\n}', /^is no text: it has a NUL byte here$/],
  ['binary noise', Array.from({ length: 5000 }, (_, index) => String.fromCharCode((index * 7919) % 256)).join(''), /^is no text: it has a NUL byte here$/],
  ['invalid UTF-8', Buffer.from([0x6a, 0x6f, 0x62, 0xff, 0xfe, 0x80]).toString(), /^(?:Argument or block definition required|Invalid character)/],
  ['half a pair', 'job "a" { name = \ud800 }', /Invalid/],
  ['a file above 2 MiB', 'a = 1\n'.repeat(400_000), /^is larger than 2 MiB/]
]

const request = (source: string, index: number): HclRequest => ({ kind: 'job', name: `${index}.hcl`, source })

const GOOD = job('image = "x"')

describe('one bad file among good ones', () => {
  let results: ReadonlyArray<HclResult> = []

  beforeAll(async () => { results = await parseHcl(WASM, [GOOD, ...BAD.flatMap(([, source]) => [source, GOOD])].map(request)) }, 120_000)

  it.each(BAD.map(([name, , message], index) => [name, index, message] as const))('fails alone: %s', (_name, index, message) => {
    const result = results[2 * index + 1]
    expect(result).toMatchObject({ ok: false, faults: expect.arrayContaining([expect.objectContaining({ file: `${2 * index + 1}.hcl` })]) })
    if (result?.ok === false) expect(result.faults[0]?.message).toMatch(message)
  })

  it('lets all the others be read', () => {
    expect(results).toHaveLength(2 * BAD.length + 1)
    expect(results.filter((_, index) => index % 2 === 0).map(({ ok }) => ok)).toEqual(Array.from({ length: BAD.length + 1 }, () => true))
  })

  it('says nothing of the insides of Go or Node', () => {
    expect(JSON.stringify(results.filter(({ ok }) => !ok))).not.toMatch(/goroutine|\.go:|wasm|RangeError|at .*\.[jt]s|panic/)
  })
})

describe('what looks deep and is not', () => {
  it.each([
    ['in a string', `x = "${'['.repeat(10_000)}"`],
    ['in a comment', `# ${'('.repeat(10_000)}`],
    ['in a heredoc', `x = <<EOT\n${'{'.repeat(10_000)}\nEOT`],
    ['side by side', `x = [${'[],'.repeat(5000)}]`],
    ['240 lists', `x = ${'['.repeat(240)}${']'.repeat(240)}`],
    ['240 objects', `x = ${'{a='.repeat(240)}1${'}'.repeat(240)}`],
    ['240 parentheses', `x = ${'('.repeat(240)}1${')'.repeat(240)}`],
    ['240 calls', `x = ${'upper('.repeat(240)}"a"${')'.repeat(240)}`],
    ['240 templates', `x = ${'"${'.repeat(240)}1${'}"'.repeat(240)}`],
    ['240 blocks', `${'a {\n'.repeat(240)}${'}\n'.repeat(240)}`]
  ])('is read: %s', async (_where, option) => {
    expect(await parseHcl(WASM, [request(job(option), 0)])).toMatchObject([{ ok: true }])
  })
})

describe('the parser', () => {
  it('reads a thousand jobs with their places in one call', async () => {
    const started = performance.now()
    const results = await parseHcl(WASM, Array.from({ length: 1000 }, (_, index) => request(job(`image = "app:${index}"`), index)))
    expect(results.filter((result) => result.ok && result.positions['g/t']?.['task.image']?.[0] === 7)).toHaveLength(1000)
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  it('needs nothing for no request, and says what to do when its file is missing or wrong', async () => {
    const wrong = path.join(mkdtempSync(path.join(tmpdir(), 'hcl-')), 'jobspec.wasm')
    await expect(parseHcl(wrong, [])).rejects.toThrow('make it with `npm run build`')
    writeFileSync(wrong, 'no program')
    await expect(parseHcl(wrong, [request(GOOD, 0)])).rejects.toThrow('is no WebAssembly program')
    expect(await parseHcl(WASM, [])).toEqual([])
  })
})
