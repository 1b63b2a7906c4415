// Bundles the program into one executable file, and a second one with what only some commands need. V8 parses a whole file before it runs a line of it, and keeps
// seven times its size in memory, so the executable holds little code and, in comments that end it, the two faces as deflated texts. A part is inflated and
// compiled when an import() first asks for it.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))

/** `--stops DIR`: a program for npm run test:crash, which can be told where to stop (src/effects/stoppingPorts.ts). */
const [option, place] = process.argv.slice(2)
const stops = option === '--stops'
const out = stops ? place : `${root}/dist`

/** One number for all code of the program: what another build comes to is not known. */
const buildOf = () => {
  const files = readdirSync(`${root}/src`, { recursive: true }).filter((name) => name.endsWith('.ts')).sort().map((name) => `src/${name}`)
  const hash = createHash('sha256')
  for (const name of [...files, 'package-lock.json', 'scripts/build.mjs']) hash.update(`${name}\0`).update(readFileSync(join(root, name))).update('\0')
  return hash.digest('hex')
}

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  alias: { '@grpc/proto-loader': './scripts/no-proto-loader.cjs' },
  define: { __VERSION__: JSON.stringify(version), __BUILD__: JSON.stringify(buildOf()), __STOPS__: String(stops) },
  minify: true,
  legalComments: 'eof',
  logLevel: 'warning'
}

// The parts, by what they are for: what each exports, by the modules of src that an import() may ask for.
const PARTS = {
  cli: { 'cli/cli': 'cli' },
  // What Nomad starts keeps running: nothing else lies in its memory.
  plugin: { 'plugin/serve': 'serve' },
  // Only who asks a registry pays for what speaks HTTP.
  wire: { 'effects/registry/wire': 'Agent, ProxyAgent, parseToml' },
  machine: {
    'cli/machine/run/run': 'runCommand', 'cli/machine/facts/facts': 'factsCommand', 'cli/machine/lock/lock': 'lockCommand',
    'cli/machine/liveDiff/liveDiff': 'liveDiffCommand', 'cli/machine/reap/reap': 'reapCommand', 'cli/machine/images/images': 'imagesCommand',
    'cli/machine/gc/gc': 'gcCommand', 'cli/machine/pull/pull': 'pullCommand'
  },
  comparing: {
    'cli/diff/diff': 'diffCommand', 'cli/golden/goldenCheck': 'goldenCheck', 'cli/golden/goldenUpdate': 'goldenUpdate', 'cli/check/check': 'checkCommand', 'cli/explain/explain': 'explainCommand',
    'cli/explain/causeLines': 'causeLines'
  },
  writing: { 'cli/completion/completion': 'completion', 'cli/schema/schema': 'schemaCommand', 'cli/migrate/migrate': 'migrateCommand' }
}

/** What the executable holds itself: it is all that Nomad needs. */
const INSIDE = ['cli', 'plugin', 'wire']

const partOf = (path) => Object.keys(PARTS).find((part) => Object.keys(PARTS[part]).some((module) => path === join(root, 'src', module)))

/** Makes import() of another part ask `part`, which main.ts is given and every part is compiled with. */
const parts = (own) => ({
  name: 'parts',
  setup(builder) {
    builder.onResolve({ filter: /^undici$/ }, () => ({ path: join(root, 'scripts/undici-dispatchers.cjs') }))
    builder.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir, namespace }) => {
      const part = namespace === 'part' ? undefined : partOf(join(resolveDir, path))
      if (part === undefined || part === own) return undefined
      return kind === 'dynamic-import' ? { path: part, namespace: 'part' } : { errors: [{ text: `${path} must be reached by import()` }] }
    })
    builder.onLoad({ filter: /.*/, namespace: 'part' }, ({ path }) => ({ contents: `module.exports = part(${JSON.stringify(path)})` }))
  }
})

const textOf = async (part) => {
  const contents = Object.entries(PARTS[part]).map(([module, names]) => `export { ${names} } from './src/${module}'`).join('\n')
  const { outputFiles } = await build({
    ...common,
    stdin: { contents, resolveDir: root },
    // Code that was compiled from a text has no import() of its own; what is left of them becomes require.
    supported: { 'dynamic-import': false },
    plugins: [parts(part)],
    write: false
  })
  return deflateRawSync(outputFiles[0].text, { level: 9 }).toString('base64')
}

/**
 * Gives a part of the program: read from the end of this very file, which lists where each lies, inflated and compiled; from V8's own code where a file of it lies
 * beside that this V8 made of this very text (its first letters say so). The plugin runs for weeks, and compiling costs it 10 MB that it never gives back: where
 * there is no such file it makes one for its next start, in the background, in the cache of the host (systemd.exec(5), CACHE_DIRECTORY), for Nomad warns of every
 * file in its plugin_dir. Reads and keeps no more than it needs: the plugin's memory is counted.
 */
const LOADER = `
const partsMade = {}
const part = (name) => {
  if (partsMade[name] === undefined) {
    const fs = require('node:fs')
    const vm = require('node:vm')
    const own = INSIDE.includes(name) ? __filename : __filename + '.parts'
    let file
    try { file = fs.openSync(own, 'r') } catch { throw Object.assign(new Error(own + ': is not there; this command needs it beside the program'), { code: 'NO_PARTS' }) }
    const read = (start, length) => { const bytes = Buffer.alloc(length); fs.readSync(file, bytes, 0, length, start); return bytes.toString('latin1') }
    const { size } = fs.fstatSync(file)
    const [start, length, digest] = JSON.parse(read(size - INDEX, INDEX).slice(2))[name]
    const text = require('node:zlib').inflateRawSync(Buffer.from(read(start, length), 'base64')).toString('latin1')
    fs.closeSync(file)
    const made = partsMade[name] = { exports: {} }
    const names = ['module', 'exports', 'require', 'part']
    const filename = 'containerd-driver/' + name + '.js'
    const making = process.env.CONTAINERD_DRIVER_MAKE_V8 === name
    if (name === 'plugin') require('node:v8').setFlagsFromString('--semi-space-growth-factor=1')
    const codeName = '.' + name + '.' + require('node:v8').cachedDataVersionTag().toString(16) + '.v8'
    const keptIn = (path) => {
      try {
        const { uid, mode } = fs.statSync(path)
        const kept = (uid === 0 || uid === process.getuid()) && (mode & 0o022) === 0 ? fs.readFileSync(path) : undefined
        return kept?.latin1Slice(0, digest.length) === digest ? kept.subarray(digest.length) : undefined
      } catch {}
    }
    const beside = __filename + codeName
    const directory = process.env.CACHE_DIRECTORY || '/var/cache/containerd-driver'
    const cached = directory + '/containerd-driver' + codeName
    const cachedData = keptIn(beside) ?? (name === 'plugin' ? keptIn(cached) : undefined)
    if (cachedData === undefined && !making && name !== 'plugin') {
      vm.compileFunction(text, names, { filename })(made, made.exports, require, part)
    } else {
      const script = new vm.Script('(function (' + names + ') {' + text + '\\n})', { filename, cachedData })
      script.runInThisContext()(made, made.exports, require, part)
      const keep = (path) => {
        try {
          fs.mkdirSync(require('node:path').dirname(path), { recursive: true, mode: 0o700 })
          fs.writeFileSync(path + '.' + process.pid, Buffer.concat([Buffer.from(digest), script.createCachedData()]), { flag: 'wx', mode: 0o644 })
          fs.renameSync(path + '.' + process.pid, path)
        } catch {}
      }
      if (making) process.on('exit', () => keep(beside))
      else if (cachedData === undefined || script.cachedDataRejected) setTimeout(keep, KEEP_MS, cached).unref()
    }
  }
  return partsMade[name].exports
}`

/** When the plugin keeps V8's code: Nomad asks the short-lived copies that it starts for no more than a second. */
const KEEP_MS = 3000

/** How many letters the list at the end of the file has. */
const INDEX = 256

const texts = Object.fromEntries(await Promise.all(Object.keys(PARTS).map(async (part) => [part, await textOf(part)])))
const digests = Object.fromEntries(Object.entries(texts).map(([part, text]) => [part, createHash('sha256').update(text).digest('hex').slice(0, 16)]))

/** Parts behind a program, each in a comment, and the list of them. */
const withParts = (program, names) => {
  const comments = names.map((part) => `//${texts[part]}\n`)
  const start = (place) => program.length + comments.slice(0, place).join('').length + 2
  const index = JSON.stringify(Object.fromEntries(names.map((part, place) => [part, [start(place), texts[part].length, digests[part]]])))
  return `${program}${comments.join('')}//${index.padEnd(INDEX - 2)}`
}

const { outputFiles: [main] } = await build({ ...common, entryPoints: ['src/main.ts'], plugins: [parts()], write: false })
const loader = LOADER.replaceAll('INDEX', INDEX).replaceAll('INSIDE', JSON.stringify(INSIDE)).replaceAll('KEEP_MS', KEEP_MS)
const file = withParts(`#!/usr/bin/env node${loader}\n${main.text}\n`, INSIDE)
// One letter beyond ASCII would make V8 keep the whole text at two bytes a letter: 4 MB of memory in every plugin.
if (/[^\x00-\x7f]/.test(file)) throw new Error('the bundle is not ASCII')
mkdirSync(out, { recursive: true })
writeFileSync(`${out}/containerd-driver`, file)
writeFileSync(`${out}/containerd-driver.parts`, withParts('', Object.keys(PARTS).filter((part) => !INSIDE.includes(part))))
chmodSync(`${out}/containerd-driver`, 0o755)
if (stops) process.exit()

// What V8 made of the last program.
for (const name of readdirSync(`${root}/dist`)) if (name.endsWith('.v8')) rmSync(`${root}/dist/${name}`)

const keeping = (part) => ({ cwd: root, env: { ...process.env, CONTAINERD_DRIVER_MAKE_V8: part } })

/** What V8 made of a part while a command ran: the next start need not compile it again. Another V8 ignores it. */
const keepCode = (part, ...args) => {
  const { status } = spawnSync(process.execPath, ['dist/containerd-driver', ...args], { ...keeping(part), stdio: 'ignore' })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`)
}
keepCode('cli', 'compile', 'fixtures/specs/minimal')
keepCode('comparing', 'diff', '--exit-zero', 'fixtures/specs/minimal', 'fixtures/specs/privileged-on-cgroup-v2')

/** The same of the plugin, which is ended once it has said that it listens. */
const keepPluginCode = () => new Promise((resolve, reject) => {
  const { env, ...how } = keeping('plugin')
  const cookie = /COOKIE = '([0-9a-f]+)'/.exec(readFileSync(`${root}/src/main.ts`, 'utf8'))[1]
  const child = spawn(process.execPath, ['dist/containerd-driver'], {
    ...how, env: { ...env, NOMAD_PLUGIN_MAGIC_COOKIE: cookie }, stdio: ['ignore', 'pipe', 'inherit']
  })
  child.stdout.once('data', () => child.kill('SIGTERM'))
  child.once('error', reject).once('exit', (code) => { code === 143 ? resolve() : reject(new Error(`the plugin ended with ${code}`)) })
})
await keepPluginCode()
console.error(`built dist/containerd-driver ${version}`)
