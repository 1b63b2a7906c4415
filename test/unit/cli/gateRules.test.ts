import * as fs from 'node:fs'
import * as path from 'node:path'

import { isCounted, readFailOn } from '../../../src/core/diff/FailOn'
import { looksSecret } from '../../../src/core/domain/secretName'
import { commandLine, job, ours, put, workDir } from '../../fakes/commandLine'

const dir = workDir()
const file = (name: string): string => path.join(dir, name)
const RUN = ['image = "redis:7"', 'command = "x"']

describe('--fail-on', () => {
  it.each([
    ['weakens', ['weakens isolation']],
    ['unknown', ['unknown isolation']],
    ['weakens,unknown', ['weakens isolation', 'unknown isolation']],
    ['weakens:all', ['weakens isolation', 'weakens resources', 'weakens program']],
    ['resources:weakens', ['weakens resources']],
    ['weakens:resources', ['weakens resources']],
    ['program:unknown,weakens', ['weakens isolation', 'unknown program']]
  ])('%s counts %j', (text, wanted) => {
    const { failOn, wrong } = readFailOn(text)
    const all = (['weakens', 'unknown', 'neutral', 'tightens'] as const).flatMap((verdict) =>
      (['isolation', 'resources', 'program'] as const).map((subject) => ({ verdict, subject })))
    expect(wrong).toBeUndefined()
    expect(all.filter((one) => isCounted(failOn, one)).map(({ verdict, subject }) => `${verdict} ${subject}`).sort()).toEqual([...wanted].sort())
  })

  it.each(['weaken', 'resources', 'weakens:walls', 'weakens:resources:all', 'weakens:unknown', ''])('%j says nothing', (text) => {
    expect(readFailOn(text).wrong).toBe(text)
  })

  it.each([
    ['more memory', 'memory = 64', 'memory = 128', [0, 1, 1, 0]],
    ['another image without a user', 'image 7', 'image 8', [0, 0, 0, 1]]
  ])('%s', async (_, before, after, wanted) => {
    const text = (said: string): string => {
      const [image, resources] = said.startsWith('image') ? [said.slice(6), ''] : ['7', `      resources {\n ${said}\n }\n`]
      return job({ app: `${resources}${ours(`image = "redis:${image}"`, 'command = "x"')}` })
    }
    put(dir, { 'a.hcl': text(before), 'b.hcl': text(after) })
    const codes = ['weakens', 'weakens:all', 'resources:weakens', 'unknown'].map(async (on) =>
      (await commandLine('diff', file('a.hcl'), file('b.hcl'), '--fail-on', on)).exitCode)
    expect(await Promise.all(codes)).toEqual(wanted)
  })

  it('another image is of the program alone where the job sets a user', async () => {
    const text = (image: string): string => job({ app: `      user = "1000:1000"\n${ours(`image = "${image}"`, 'command = "x"')}` })
    put(dir, { 'u.hcl': text('redis:7'), 'v.hcl': text('redis:8') })
    const run = async (on: string): Promise<number> => (await commandLine('diff', file('u.hcl'), file('v.hcl'), '--fail-on', on)).exitCode
    expect([await run('unknown'), await run('program:unknown')]).toEqual([0, 1])
  })

  it('a file of its own directory mounted once more is neutral', async () => {
    put(dir, { 'm.hcl': job({ app: ours(...RUN) }), 'n.hcl': job({ app: ours(...RUN, 'volumes = ["local/a.conf:/etc/a.conf"]') }) })
    expect(await commandLine('diff', file('m.hcl'), file('n.hcl'), '--fail-on', 'weakens,unknown')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('once more') })
  })
})

it.each([
  ['DB_PASSWORD', 'x', true], ['DB_PASSWORD_FILE', '/secrets/pw', false], ['TOKEN_ENDPOINT_URL', 'https://example.com', false],
  ['API_TOKEN', 'https://example.com', false], ['DATABASE_URL', 'postgres://app:word@db/app', true], ['DATABASE_URL', 'postgres://db/app', false],
  ['SECRET_URL', 'https://user:word@example.com', true], ['PATH', '/bin', false]
])('%s=%s looks like a secret: %s', (name, value, wanted) => { expect(looksSecret(name, value)).toBe(wanted) })

describe('golden', () => {
  const suite = (text: string): string => {
    put(dir, { 'suite/containerd-driver.json': JSON.stringify({ jobs: ['*.hcl'] }), 'suite/a.hcl': text })
    return file('suite')
  }
  const golden = file('suite/goldens/a.hcl/web.app.json')

  it('update says what it stores as refused, and exits with 1 unless that is accepted; check tells only what is new', async () => {
    const root = suite(job({ app: `      user = "a:b:c"\n${ours(...RUN)}` }))
    expect(await commandLine('golden', 'update', root)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('web/app: is stored as refused: allocation.user') })
    expect(await commandLine('golden', 'update', root, '--accept-refused')).toMatchObject({ exitCode: 0 })
    expect(await commandLine('golden', 'check', root)).toMatchObject({ exitCode: 0, stdout: '' })
    suite(job({ app: `      user = "a:b:c"\n${ours(...RUN, 'imagee = "x"')}` }))
    expect(await commandLine('golden', 'check', root, '--fail-on', 'weakens')).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('error: task.imagee') })
  })

  it('of an earlier version is told how to be written anew', async () => {
    const root = suite(job({ app: ours(...RUN) }))
    await commandLine('golden', 'update', root)
    put(dir, { 'suite/goldens/a.hcl/web.app.json': fs.readFileSync(golden, 'utf8').replace('"version": 2', '"version": 1') })
    expect(await commandLine('golden', 'check', root)).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/earlier version.*golden update/) })
    expect(await commandLine('diff', golden, file('suite/a.hcl'))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('compile --full') })
    await commandLine('golden', 'update', root)
    expect(await commandLine('golden', 'check', root)).toMatchObject({ exitCode: 0 })
  })
})
