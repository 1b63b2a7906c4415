// npm run mutation [-- ROOM...]: mutates rooms of src/core and writes what became of every mutant to docs/mutation.json.
// MUTATION_SAMPLE=N tries about N mutants of each room, which FC_SEED chooses; after MUTATION_MINUTES no more is tried. The report says so of each room.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

import { isSampled, roomOf, ROOMS } from './mutation/rooms.mjs'

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const RESULT = path.join(ROOT, 'docs/mutation.json')
const RUNS = process.env.FC_RUNS ?? '6'
const SEED = process.env.FC_SEED ?? '1'
const SAMPLE = process.env.MUTATION_SAMPLE === undefined ? undefined : Number(process.env.MUTATION_SAMPLE)

/** Tables that the generator writes or that only copy containerd's: no logic. */
const DATA = ['src/core/seccomp/allowList.ts']

const versionOf = (name) => JSON.parse(fs.readFileSync(path.join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version

/** The TypeScript files of a folder of src/core, or of one that is a file. */
const filesIn = (entry) => fs.statSync(entry).isDirectory()
  ? fs.readdirSync(entry).flatMap((name) => filesIn(path.join(entry, name)))
  : [entry]

/** Every file of src/core, by its path below the repository. */
const coreFiles = () => filesIn(path.join(ROOT, 'src/core')).filter((file) => file.endsWith('.ts')).map((file) => path.relative(ROOT, file))

const linesOf = (file) => fs.readFileSync(file, 'utf8').split('\n').length

/** Which part of a room's mutants is tried: a line has about one. */
const shareOf = (room) => (shares[room] ??= shareByLines(room))

const shares = {}

const shareByLines = (room) => {
  const lines = coreFiles().filter((file) => roomOf(file) === room).reduce((sum, file) => sum + linesOf(path.join(ROOT, file)), 0)
  return SAMPLE === undefined || lines <= SAMPLE ? 1 : Math.round((1000 * SAMPLE) / lines) / 1000
}

/** One run of Stryker over some rooms; its own report, undefined when it did not come to its end. The sandbox lies in memory where there is such a place. */
const stryker = (rooms) => {
  const memory = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir()
  const dir = fs.mkdtempSync(path.join(memory, 'mutation-'))
  try {
    const report = path.join(dir, 'report.json')
    const files = [...rooms.map((room) => ROOMS[room]), ...DATA.map((file) => `!${file}`)]
    const { status } = spawnSync('node_modules/.bin/stryker', ['run', 'stryker.config.mjs'], {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, FC_RUNS: RUNS, FC_SEED: SEED, MUTATION_DIR: path.join(dir, 'tmp'), MUTATION_REPORT: report, MUTATION_FILES: JSON.stringify(files), MUTATION_SHARES: JSON.stringify(Object.fromEntries(rooms.map((room) => [room, shareOf(room)]))) }
    })
    if (status !== 0) return undefined
    return JSON.parse(fs.readFileSync(report, 'utf8'))
  } finally {
    // What took so long is kept: --report=.stryker-tmp/report.json writes it down again.
    fs.mkdirSync(path.join(ROOT, '.stryker-tmp'), { recursive: true })
    if (fs.existsSync(path.join(dir, 'report.json'))) fs.copyFileSync(path.join(dir, 'report.json'), path.join(ROOT, '.stryker-tmp/report.json'))
    fs.rmSync(dir, { recursive: true, force: true })
  }
}

const isOutOfTime = ({ statusReason }) => statusReason?.includes('left out: the time is over') === true

/** Whether a mutant of a file was tried, or would have been if a test reached it. */
const isTriedIn = (file) => (mutant) => !isOutOfTime(mutant) && isSampled({ [roomOf(file)]: shareOf(roomOf(file)) }, file, mutant)

const count = (file, all) => {
  const mutants = all.filter(isTriedIn(file))
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
const survivorsOf = (file, { source, mutants }, before) => unseenOf(file, { source, mutants: mutants.filter(isTriedIn(file)) }, before)

const unseenOf = (file, { source, mutants }, before) => {
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

/** Survivors of which somebody said why, and that were not tried this time. */
const explainedBefore = (file, { mutants, source }, before) => {
  const open = unseenOf(file, { source, mutants: mutants.filter((one) => !isTriedIn(file)(one)).map((one) => ({ ...one, status: 'Survived' })) }, before)
  return open.filter(({ why }) => why !== undefined)
}

const SETTINGS = {
  mutators: 'all of Stryker; mutants of what runs once while a module loads (tables of options, their documentation, patterns) are ignored (ignoreStatic)',
  tests: 'test/unit, test/golden/specs and the quicker files of test/properties, run in the process of Stryker\'s worker (scripts/mutation)',
  timeout: 'counts as killed', leftOut: DATA,
  sample: 'a room with a `sample` was tried in part: that part of its mutants, which `seed` chooses; `outOfTime` of them were not tried any more'
}

/** One object to a line, so that a difference can be read. */
const laidOut = (document) => {
  const line = (value) => JSON.stringify(value)
  const map = (of) => `{\n${Object.keys(of).sort().map((key) => `    ${line(key)}: ${line(of[key])}`).join(',\n')}\n  }`
  const { rooms, files, survivors, ...rest } = document
  const head = Object.entries(rest).map(([key, value]) => `  ${line(key)}: ${line(value)},\n`).join('')
  return `{\n${head}  "rooms": ${map(rooms)},\n  "files": ${map(files)},\n  "survivors": [\n${survivors.map((one) => `    ${line(one)}`).join(',\n')}\n  ]\n}\n`
}

/** What of a room was tried, where that is not all. */
const sampleOf = (room, made) => {
  const outOfTime = made.filter(([file]) => roomOf(file) === room).flatMap(([, { mutants }]) => mutants).filter(isOutOfTime).length
  return { ...(shareOf(room) === 1 ? {} : { sample: shareOf(room), seed: Number(SEED) }), ...(outOfTime === 0 ? {} : { outOfTime }) }
}

const saidBefore = ({ date, sample, seed, outOfTime } = {}) =>
  Object.fromEntries(Object.entries({ date, sample, seed, outOfTime }).filter(([, value]) => value !== undefined))

const record = (reports, rooms) => {
  const old = fs.existsSync(RESULT) ? JSON.parse(fs.readFileSync(RESULT, 'utf8')) : { rooms: {}, files: {}, survivors: [] }
  const date = new Date().toISOString().slice(0, 10)
  const stays = (file) => !rooms.includes(roomOf(file)) && fs.existsSync(path.join(ROOT, file))
  const made = reports.flatMap((report) => Object.entries(report.files))
  const files = {
    ...Object.fromEntries(Object.entries(old.files).filter(([file]) => stays(file))),
    ...Object.fromEntries(made.map(([file, { mutants }]) => [file, count(file, mutants)]))
  }
  const survivors = [
    ...old.survivors.filter(({ file }) => stays(file)),
    ...made.flatMap(([file, one]) => [...survivorsOf(file, one, old.survivors), ...explainedBefore(file, one, old.survivors)])
  ].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
  const filesOf = (room) => Object.entries(files).filter(([file]) => roomOf(file) === room).map(([, counts]) => counts)
  const known = Object.keys(ROOMS).filter((room) => filesOf(room).length > 0)
  fs.writeFileSync(RESULT, laidOut({
    date,
    tools: { node: process.version, stryker: versionOf('@stryker-mutator/core'), 'fast-check': versionOf('fast-check'), typescript: versionOf('typescript') },
    settings: { ...SETTINGS, FC_RUNS: Number(RUNS), FC_SEED: Number(SEED) },
    all: summed(Object.values(files)),
    rooms: Object.fromEntries(known.map((room) => [room, {
      ...(rooms.includes(room) ? { date, ...sampleOf(room, made) } : { date: old.date, ...saidBefore(old.rooms[room]) }), ...summed(filesOf(room))
    }])),
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
if (reports.includes(undefined)) process.exit(1)
for (const [room, { mutants, killed, timeout, survived, noCoverage, score }] of record(reports, rooms)) {
  if (score < ENOUGH) process.exitCode = 1
  process.stdout.write(`${room}: ${score} % of ${mutants} (${killed} killed, ${timeout} timed out, ${survived} survived, ${noCoverage} not reached)\n`)
}
