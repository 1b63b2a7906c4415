import { ChildProcess, spawn } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const EXECUTABLE = join(__dirname, '../../../dist/containerd-driver')
const COOKIE = 'e4327c2e01eabfd75a8a67adb114fb34a757d57eee7728d857a8cec6e91a7255'
// Between them stands V8's tag of its version and flags, and the plugin sets some.
const CODE = /^containerd-driver\.plugin\.[0-9a-f]+\.v8$/

const running = new Set<ChildProcess>()
let dir = ''
let homes = 0

/** A program that was copied alone, and the cache of its host. */
interface Home {
  readonly program: string
  readonly cache: string
}

const home = (): Home => {
  const own = join(dir, String(homes += 1))
  const cache = join(own, 'cache')
  mkdirSync(cache, { recursive: true })
  copyFileSync(EXECUTABLE, join(own, 'containerd-driver'))
  return { program: join(own, 'containerd-driver'), cache }
}

/** The first line of a plugin that is started. */
const started = ({ program, cache }: Home): Promise<string> => {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'], NOMAD_PLUGIN_MAGIC_COOKIE: COOKIE, CACHE_DIRECTORY: cache }, stdio: ['ignore', 'pipe', 'ignore']
  })
  running.add(child)
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (bytes: Buffer) => { resolve(bytes.toString()) })
    child.once('exit', (code) => { reject(new Error(`the plugin ended with ${String(code)}`)) })
  })
}

const PATIENCE = 300

const kept = async ({ cache }: Home, isIt: (bytes: Buffer) => boolean): Promise<readonly [string, Buffer]> => {
  for (let count = 0; count < PATIENCE; count += 1) {
    const name = readdirSync(cache).find((one) => CODE.test(one))
    const bytes = name === undefined ? undefined : readFileSync(join(cache, name))
    if (name !== undefined && bytes !== undefined && isIt(bytes)) return [name, bytes]
    await new Promise((resolve) => { setTimeout(resolve, 100) })
  }
  throw new Error(`nothing is kept in ${cache}: ${readdirSync(cache).join(', ')}`)
}

const isWhole = ({ length }: Buffer): boolean => length > 100_000

beforeAll(() => { dir = mkdtempSync(join(tmpdir(), 'kept-code-')) })
afterAll(() => {
  for (const one of running) one.kill('SIGKILL')
  rmSync(dir, { recursive: true, force: true })
})

describe('the code that V8 made of the plugin', () => {
  const made = { name: '', code: Buffer.alloc(0) as Buffer }

  it('is kept in the cache of the host by a plugin that finds none, and taken by the next', async () => {
    const first = home()
    expect(await started(first)).toMatch(/^1\|2\|unix\|.*\|grpc\|\n$/)
    const [name, good] = await kept(first, isWhole)
    Object.assign(made, { name, code: good })
    expect(await started(first)).toMatch(/^1\|2\|/)
    expect(readFileSync(join(first.cache, name)).equals(good)).toBe(true)
    expect(readdirSync(first.cache)).toEqual([name])
    // Nomad warns of every file in its plugin_dir that is no program.
    expect(readdirSync(join(first.cache, '..')).sort()).toEqual(['cache', 'containerd-driver'])
  })

  it('is not taken where it is of another text, cut off, empty, or where others may write it; it is made anew', async () => {
    const { name, code: good } = made
    const spoiled: ReadonlyArray<readonly [Buffer, number]> = [
      [Buffer.concat([Buffer.from('0'.repeat(16)), good.subarray(16)]), 0o644], [good.subarray(0, 5000), 0o644], [Buffer.alloc(0), 0o644],
      [Buffer.concat([good, Buffer.from('longer')]), 0o666]
    ]
    await Promise.all(spoiled.map(async ([bytes, mode]) => {
      const one = home()
      writeFileSync(join(one.cache, name), bytes)
      chmodSync(join(one.cache, name), mode)
      expect(await started(one)).toMatch(/^1\|2\|/)
      const [, anew] = await kept(one, (found) => isWhole(found) && !found.equals(bytes))
      expect(anew.subarray(0, 16).equals(good.subarray(0, 16))).toBe(true)
    }))
  })
})
