import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { Failure } from '../../../../src/core/domain/Failure'
import { letIn } from '../../../../src/effects/image/verifyImage'
import { Thrown } from '../../../../src/effects/ports/Thrown'

const DIGEST = `sha256:${'a'.repeat(64)}`
const question = {
  name: 'docker.io/library/redis:7',
  descriptor: { mediaType: 'application/vnd.oci.image.index.v1+json', digest: DIGEST, size: 42, platform: { os: 'linux', architecture: 'amd64' } }
}

let binDir: string

beforeEach(() => { binDir = fs.mkdtempSync(path.join(os.tmpdir(), 'verifiers-')) })

afterEach(() => { fs.rmSync(binDir, { recursive: true, force: true }) })

const put = (name: string, script: string, mode = 0o755): void => {
  fs.writeFileSync(path.join(binDir, name), `#!/bin/sh\n${script}\n`, { mode })
}

/** What comes of it: undefined where the image is let in. */
const asked = async (more: { readonly maxVerifiers?: number; readonly timeoutMs?: number } = {}, signal = new AbortController().signal): Promise<Failure | undefined> => {
  try {
    await letIn(question, { binDir, maxVerifiers: 10, timeoutMs: 10_000, ...more }, { owner: 'me', signal, doing: 'pull redis' })
    return undefined
  } catch (thrown) {
    if (thrown instanceof Thrown) return thrown.failure
    throw thrown
  }
}

const seen = (name: string): string => fs.readFileSync(path.join(path.dirname(binDir), `${path.basename(binDir)}-${name}`), 'utf8')

const into = (name: string): string => `"$(dirname "$0")-${name}"`

afterEach(() => {
  const base = path.basename(binDir)
  for (const name of fs.readdirSync(path.dirname(binDir)).filter((one) => one.startsWith(`${base}-`))) fs.rmSync(path.join(path.dirname(binDir), name))
})

it('a verifier is called as containerd calls it, and is told nothing else', async () => {
  process.env['SECRET_OF_THE_AGENT'] = 'p-s3cret'
  put('one', `printf '%s\\n' "$@" > ${into('args')}; cat > ${into('stdin')}; env > ${into('env')}; pwd > ${into('cwd')}; ls -l /proc/self/fd | grep -c socket > ${into('sockets')}`)
  expect(await asked()).toBeUndefined()
  delete process.env['SECRET_OF_THE_AGENT']
  expect(seen('args').trim().split('\n')).toEqual(['-name', question.name, '-digest', DIGEST, '-stdin-media-type', 'application/vnd.oci.descriptor.v1+json'])
  expect(JSON.parse(seen('stdin'))).toEqual({ mediaType: question.descriptor.mediaType, digest: DIGEST, size: 42 })
  expect(seen('stdin').endsWith('}\n')).toBe(true)
  expect(seen('env').split('\n').map((line) => line.split('=')[0]).filter((name) => !['', '_', 'PWD', 'OLDPWD', 'SHLVL'].includes(name ?? '')).sort()).toEqual(['HOME', 'LC_ALL', 'PATH'])
  expect(seen('cwd')).toBe('/\n')
})

it('an exit code that is not 0 keeps the image out, in the words of its stdout', async () => {
  put('a', 'echo fine')
  put('b', 'cat > /dev/null; echo "  no signature of"; echo "team-a"; echo password >&2; exit 3')
  expect(await asked()).toEqual(Failure('Denied', 'pull redis', `verifier b of ${binDir} does not let ${DIGEST} in (exit code 3): no signature of team-a`))
  put('b', 'exit 1')
  expect((await asked())?.detail).toBe(`verifier b of ${binDir} does not let ${DIGEST} in (exit code 1): it gave no reason`)
  put('b', 'kill -9 $$')
  expect((await asked())?.detail).toContain('does not let')
})

it('all of them are asked, in the order of their names, and no more than max_verifiers', async () => {
  for (const name of ['c', 'a', 'b']) put(name, `echo ${name} >> ${into('order')}`)
  put('d', 'exit 1')
  expect((await asked())?._tag).toBe('Denied')
  expect(seen('order')).toBe('a\nb\nc\n')
  expect(await asked({ maxVerifiers: 3 })).toBeUndefined()
  expect((await asked({ maxVerifiers: -1 }))?._tag).toBe('Denied')
})

it.each<readonly [string, () => void, string]>([
  ['a directory that is not there', () => { fs.rmdirSync(binDir) }, 'does not exist; no image is let in'],
  ['a directory without one', () => undefined, 'has no verifier; no image is let in'],
  ['a file that cannot be run', () => { put('a', 'exit 0', 0o644) }, '/a cannot be run: '],
  ['a directory in the place of one', () => { fs.mkdirSync(path.join(binDir, 'a')) }, '/a cannot be run: '],
  ['a program that is none', () => { fs.writeFileSync(path.join(binDir, 'a'), '\u0000\u0001', { mode: 0o755 }) }, '/a cannot be run: '],
  ['an empty file, which a shell would run', () => { fs.writeFileSync(path.join(binDir, 'a'), '', { mode: 0o755 }) }, '/a cannot be run: it is no program'],
  ['a file that only a shell can run', () => { fs.writeFileSync(path.join(binDir, 'a'), 'exit 0', { mode: 0o755 }) }, '/a cannot be run: it is no program'],
  ...['#!\n', '#! \n# wrapper\nexit 0\n', '\u007fELF\nexit 0\n'].map((text): readonly [string, () => void, string] => [
    `${JSON.stringify(text)}, which only a shell can run`,
    () => { fs.writeFileSync(path.join(binDir, 'a'), text, { mode: 0o755 }) },
    '/a cannot be run: it is no program'
  ]),
  ['an interpreter that is not there', () => { fs.writeFileSync(path.join(binDir, 'a'), '#!/no/such\n', { mode: 0o755 }) }, '/a cannot be run: ']
])('%s lets nothing in, and is told', async (_what, make, words) => {
  make()
  const failure = await asked()
  expect(failure).toMatchObject({ _tag: 'Invalid', doing: 'pull redis' })
  expect(failure?.detail).toContain(words)
})

it('max_verifiers = 0 lets nothing in', async () => {
  put('a', 'exit 0')
  expect((await asked({ maxVerifiers: 0 }))?.detail).toBe('the plugin option `images.verifier.max_verifiers` is 0; no image is let in')
})

it('one that does not answer is killed with all that it started, and may be asked again', async () => {
  put('a', `sleep 77.123 & echo $! > ${into('child')}; wait`)
  const began = Date.now()
  const failure = await asked({ timeoutMs: 300 })
  expect(failure).toEqual(Failure('TimedOut', 'pull redis', `verifier ${binDir}/a has not answered for 300 ms`))
  expect(Date.now() - began).toBeLessThan(5000)
  await gone(Number(seen('child')))
})

const gone = async (pid: number): Promise<void> => {
  const stateOf = (): string => {
    try {
      return fs.readFileSync(`/proc/${String(pid)}/stat`, 'utf8').split(') ')[1]?.[0] ?? ''
    } catch {
      return ''
    }
  }
  for (let tries = 0; tries < 100 && !['', 'Z'].includes(stateOf()); tries += 1) await new Promise((resolve) => { setTimeout(resolve, 20) })
  expect(['', 'Z']).toContain(stateOf())
}

it('one that leaves somebody behind with its stdout is not waited for', async () => {
  put('a', `sleep 78.123 & echo $! > ${into('child')}; setsid sleep 3 & sleep 0.2; exit 0`)
  const began = Date.now()
  expect(await asked()).toBeUndefined()
  expect(Date.now() - began).toBeLessThan(2900)
  await gone(Number(seen('child')))
})

it('a stop ends it', async () => {
  put('a', 'sleep 79.123')
  const stop = new AbortController()
  setTimeout(() => { stop.abort() }, 100)
  expect(await asked({}, stop.signal)).toMatchObject({ _tag: 'Cancelled' })
  const before = new AbortController()
  before.abort()
  expect(await asked({}, before.signal)).toMatchObject({ _tag: 'Cancelled' })
})

it('what it says is bounded, and nothing of it reaches a terminal', async () => {
  put('a', 'head -c 3000000 /dev/zero | tr "\\0" "x"; exit 1')
  const failure = await asked()
  expect(failure?._tag).toBe('Denied')
  expect(failure?.detail.length).toBeLessThan(1300)
  expect(failure?.detail.endsWith('… (cut)')).toBe(true)
  put('a', 'printf "\\033[2Jhidden\\007"; exit 1')
  expect((await asked())?.detail).toContain('\\u001b[2Jhidden\\u0007')
})

it('nobody is asked where no directory is named', async () => {
  await letIn(question, { binDir: '', maxVerifiers: 1, timeoutMs: 1 }, { owner: 'me', signal: new AbortController().signal, doing: '' })
  await letIn(question, undefined, { owner: 'me', signal: new AbortController().signal, doing: '' })
})
