import * as fs from 'node:fs'
import * as path from 'node:path'

import { Allocation } from '../system/harness/allocation'
import { Entry, openShelf, Shelf } from '../system/harness/shelf'
import { Hardened } from './harness/Hardened'

let host: Hardened
let shelf: Shelf
let counter = 0

beforeAll(async () => {
  shelf = await openShelf()
  host = await Hardened()
}, 60_000)
afterEach(async () => { expect(await host.clear()).toEqual([]) })
afterAll(async () => {
  await host.end()
  await shelf.stop()
})

const directory = (name: string): Entry => [{ name, type: 'directory' }]
const link = (name: string, linkname: string): Entry => [{ name, type: 'symlink', linkname }]
const ROOT: ReadonlyArray<Entry> = [
  directory('bin'), [{ name: 'bin/busybox', mode: 0o755 }, fs.readFileSync('/bin/busybox') as unknown as string], link('bin/sh', 'busybox')
]

/** A task on an image with these entries beside a shell. */
const task = async (entries: ReadonlyArray<Entry>, script: string, options: object, env: Readonly<Record<string, string>> = {}): Promise<Allocation> => {
  counter += 1
  await shelf.put(`team/app:${String(counter)}`, { layers: [[...ROOT, ...entries]], config: {} })
  return host.task(script, { image: `${shelf.host}/team/app:${String(counter)}`, command: '/bin/sh', ...options }, { env: { PATH: '/bin', ...env } })
}

const ATTACK = [
  'for d in /q /d/a /alloc; do busybox rm $d/logs/web.stdout.0 2>/dev/null && busybox ln -s /etc/shadow $d/logs/web.stdout.0 && echo replaced; done', 'exit 0'
].join('\n')

const AWAY = [directory('d'), directory('q'), link('d/a', '/q')]

describe('links of an image do not lead mounts into one another, so the logs stay read-only (W1, W4)', () => {
  it.each<readonly [string, ReadonlyArray<Entry>, object, Readonly<Record<string, string>>]>([
    ['a mount of the job between its /alloc and the logs in it', [...AWAY, link('d/a-', '/d')], { volumes: ['local/evil:/d/a-', '../alloc:/d/a'] }, {}],
    ["a mount between Nomad's own and the logs in it", [...AWAY, link('d/a-', '/d')], { volumes: ['local/evil:/d/a-'] }, { NOMAD_ALLOC_DIR: '/d/a' }],
    ['the same with a tmpfs', [...AWAY, link('d/a-', '/d')], { tmpfs: ['/d/a-'] }, { NOMAD_ALLOC_DIR: '/d/a' }],
    ['a mount on a link further on', [...AWAY, directory('m'), link('m/a', '/d/a'), link('m/a-', '/d')], { volumes: ['local/evil:/m/a-'] }, { NOMAD_ALLOC_DIR: '/m/a' }],
    ['a mount right onto another', [...AWAY, link('d/a-', '/q')], { volumes: ['local/evil:/d/a-'] }, { NOMAD_ALLOC_DIR: '/d/a' }],
    ["Nomad's own into what the job writes", [link('secrets', '/local/evil/a')], { volumes: ['local/evil:/d'] }, {}]
  ])('%s', async (_how, entries, options, env) => {
    const one = await task(entries, ATTACK, options, env)
    for (const name of ['a/logs', 'a-']) fs.mkdirSync(path.join(one.dir, 'web/local/evil', name), { recursive: true })
    const log = path.join(one.dir, 'alloc/logs/web.stdout.0')
    fs.writeFileSync(log, 'earlier\n')
    const said = await host.run(one).then(({ said: text }) => text, (thrown: unknown) => String(thrown))
    expect(fs.lstatSync(log).isFile()).toBe(true)
    expect(said).toContain('leads through links of the image to or through what is mounted at')
  })

  it('links that lead mounts beside one another, and below a tmpfs, are fine', async () => {
    const entries = [directory('run'), directory('var'), link('var/run', '/run'), directory('srv'), link('data', 'srv'), link('alloc', '/srv/alloc')]
    const one = await task(entries, 'echo ran', { tmpfs: ['/run', '/var/run/lock'], volumes: ['local:/data/own'] })
    expect(await host.run(one)).toEqual({ code: 0, said: 'ran\n' })
  })
})
