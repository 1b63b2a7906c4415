// npm run mutation [-- ROOM...]: mutates rooms of src/core and writes what became of every mutant to docs/mutation.json.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const RESULT = path.join(ROOT, 'docs/mutation.json')
const RUNS = process.env.FC_RUNS ?? '6'
const SEED = process.env.FC_SEED ?? '1'

/** Tables that the generator writes or that only copy containerd's: no logic. */
const DATA = ['src/core/seccomp/allowed.ts']

const ROOMS = {
  compile: ['src/core/compile/**/*.ts'],
  ...Object.fromEntries(['comparison', 'fullDocument', 'offline', 'translate'].map((file) => [file, [`src/core/${file}.ts`]])),
  policy: ['src/core/policy/**/*.ts'],
  wanted: ['src/core/wanted/**/*.ts'],
  value: ['src/core/value/**/*.ts'],
  resolve: ['src/core/resolve/**/*.ts'],
  domain: ['src/core/domain/**/*.ts'],
  field: ['src/core/field/**/*.ts'],
  image: ['src/core/image/**/*.ts'],
  decode: ['src/core/decode/**/*.ts'],
  facts: ['src/core/facts/**/*.ts'],
  plan: ['src/core/plan/**/*.ts'],
  seccomp: ['src/core/seccomp/**/*.ts'],
  cdi: ['src/core/cdi/**/*.ts'],
  job: ['src/core/job/**/*.ts'],
  report: ['src/core/report/**/*.ts'],
  watch: ['src/core/watch/**/*.ts'],
  share: ['src/core/share/**/*.ts'],
  diff: ['src/core/diff/**/*.ts'],
  judge: ['src/core/judge/**/*.ts'],
  provenance: ['src/core/provenance/**/*.ts'],
  format: ['src/core/format/**/*.ts'],
  lock: ['src/core/lock/**/*.ts'],
  live: ['src/core/live/**/*.ts'],
  migrate: ['src/core/migrate/**/*.ts']
}

const roomOf = (file) => file.split('/')[2].replace(/\.ts$/, '')

const versionOf = (name) => JSON.parse(fs.readFileSync(path.join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version

/** One run of Stryker over some rooms; its own report. The sandbox lies in memory where there is such a place. */
const stryker = (rooms) => {
  const memory = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir()
  const dir = fs.mkdtempSync(path.join(memory, 'mutation-'))
  try {
    const report = path.join(dir, 'report.json')
    const files = [...rooms.flatMap((room) => ROOMS[room]), ...DATA.map((file) => `!${file}`)]
    const { status } = spawnSync('node_modules/.bin/stryker', ['run', 'stryker.config.mjs'], {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, FC_RUNS: RUNS, FC_SEED: SEED, MUTATION_DIR: path.join(dir, 'tmp'), MUTATION_REPORT: report, MUTATION_FILES: JSON.stringify(files) }
    })
    if (status !== 0) process.exit(status ?? 1)
    return JSON.parse(fs.readFileSync(report, 'utf8'))
  } finally {
    fs.rmSync(dir, { recursive: true, force: true })
  }
}

const count = (mutants) => {
  const of = (...names) => mutants.filter(({ status }) => names.includes(status)).length
  const [killed, timeout, survived, noCoverage] = [of('Killed', 'RuntimeError', 'CompileError'), of('Timeout'), of('Survived'), of('NoCoverage')]
  return scored({ mutants: mutants.length, killed, timeout, survived, noCoverage, ignored: of('Ignored') })
}

const scored = (counts) => {
  const all = counts.killed + counts.timeout + counts.survived + counts.noCoverage
  return { ...counts, score: all === 0 ? null : Math.round((1000 * (counts.killed + counts.timeout)) / all) / 10 }
}

const summed = (all) => {
  const sum = (key) => all.reduce((total, one) => total + one[key], 0)
  return scored(Object.fromEntries(['mutants', 'killed', 'timeout', 'survived', 'noCoverage', 'ignored'].map((key) => [key, sum(key)])))
}

const short = (text) => {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}

/** The survivors of a file. What was said of one before (`why`) is kept while the code that it is about stays the same. */
const survivorsOf = (file, { source, mutants }, before) => {
  const lines = source.split('\n')
  const textOf = ({ start, end }) => start.line === end.line
    ? lines[start.line - 1].slice(start.column - 1, end.column - 1)
    : [lines[start.line - 1].slice(start.column - 1), ...lines.slice(start.line, end.line)].join('\n')
  const order = (a, b) => a.location.start.line - b.location.start.line || a.location.start.column - b.location.start.column
  return mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage').sort(order).map((mutant) => {
    const one = {
      file, line: mutant.location.start.line, mutator: mutant.mutatorName, code: short(textOf(mutant.location)),
      replacement: short(mutant.replacement ?? ''), ...(mutant.status === 'NoCoverage' ? { noCoverage: true } : {})
    }
    const why = before.find((old) => ['file', 'mutator', 'code', 'replacement'].every((key) => old[key] === one[key]) && old.why !== undefined)?.why
    return why === undefined ? one : { ...one, why }
  })
}

const SETTINGS = {
  mutators: 'all of Stryker; mutants of what runs once while a module loads (tables of options, their documentation, patterns) are ignored (ignoreStatic)',
  tests: 'test/unit, test/golden/specs and the quicker files of test/properties, run in the process of Stryker\'s worker (scripts/mutation)',
  timeout: 'counts as killed', leftOut: DATA
}

/** One object to a line, so that a difference can be read. */
const laidOut = (document) => {
  const line = (value) => JSON.stringify(value)
  const map = (of) => `{\n${Object.keys(of).sort().map((key) => `    ${line(key)}: ${line(of[key])}`).join(',\n')}\n  }`
  const { rooms, files, survivors, ...rest } = document
  const head = Object.entries(rest).map(([key, value]) => `  ${line(key)}: ${line(value)},\n`).join('')
  return `{\n${head}  "rooms": ${map(rooms)},\n  "files": ${map(files)},\n  "survivors": [\n${survivors.map((one) => `    ${line(one)}`).join(',\n')}\n  ]\n}\n`
}

const record = (reports, rooms) => {
  const old = fs.existsSync(RESULT) ? JSON.parse(fs.readFileSync(RESULT, 'utf8')) : { rooms: {}, files: {}, survivors: [] }
  const date = new Date().toISOString().slice(0, 10)
  const stays = (file) => !rooms.includes(roomOf(file)) && fs.existsSync(path.join(ROOT, file))
  const made = reports.flatMap((report) => Object.entries(report.files))
  const files = {
    ...Object.fromEntries(Object.entries(old.files).filter(([file]) => stays(file))),
    ...Object.fromEntries(made.map(([file, { mutants }]) => [file, count(mutants)]))
  }
  const survivors = [
    ...old.survivors.filter(({ file }) => stays(file)),
    ...made.flatMap(([file, one]) => survivorsOf(file, one, old.survivors))
  ].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
  const filesOf = (room) => Object.entries(files).filter(([file]) => roomOf(file) === room).map(([, counts]) => counts)
  const known = Object.keys(ROOMS).filter((room) => filesOf(room).length > 0)
  fs.writeFileSync(RESULT, laidOut({
    date,
    tools: { node: process.version, stryker: versionOf('@stryker-mutator/core'), 'fast-check': versionOf('fast-check'), typescript: versionOf('typescript') },
    settings: { ...SETTINGS, FC_RUNS: Number(RUNS), FC_SEED: Number(SEED) },
    all: summed(Object.values(files)),
    rooms: Object.fromEntries(known.map((room) => [room, { date: rooms.includes(room) ? date : old.rooms[room].date, ...summed(filesOf(room)) }])),
    files, survivors
  }))
  return known.filter((room) => rooms.includes(room)).map((room) => [room, summed(filesOf(room))])
}

/** What a room has to reach. */
const ENOUGH = 90

const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('--'))
const from = process.argv.slice(2).filter((arg) => arg.startsWith('--report=')).map((arg) => arg.slice('--report='.length))
const unknown = wanted.filter((room) => ROOMS[room] === undefined)
if (unknown.length > 0) {
  process.stderr.write(`no such room: ${unknown.join(', ')}; there are ${Object.keys(ROOMS).join(', ')}\n`)
  process.exit(2)
}
const rooms = wanted.length > 0 ? wanted : Object.keys(ROOMS)
const reports = from.length > 0 ? from.map((file) => JSON.parse(fs.readFileSync(file, 'utf8'))) : [stryker(rooms)]
for (const [room, { mutants, killed, timeout, survived, noCoverage, score }] of record(reports, rooms)) {
  if (score < ENOUGH) process.exitCode = 1
  process.stdout.write(`${room}: ${score} % of ${mutants} (${killed} killed, ${timeout} timed out, ${survived} survived, ${noCoverage} not reached)\n`)
}
