/**
 * Runs the project's test files in the process it is loaded in. jest starts a world of its own for every file, which costs
 * more than all tests of the file; mutants need the same tests thousands of times.
 */
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')

const esbuild = require('esbuild')

// jest's own expect and it.each.
const fromJest = Module.createRequire(require.resolve('jest/package.json'))
const expectPackage = fromJest('expect')
const { bind } = fromJest('jest-each')

/** A test may have been loaded before: what it compiled to is kept. */
const compiled = new Map()

const compile = (file) => {
  const known = compiled.get(file)
  if (known !== undefined) return known
  const { code } = esbuild.transformSync(fs.readFileSync(file, 'utf8'), {
    loader: 'ts', format: 'cjs', target: 'es2022', supported: { 'dynamic-import': false }, logLevel: 'silent'
  })
  compiled.set(file, code)
  return code
}

Module._extensions['.ts'] = (module, file) => module._compile(compile(file), file)

/**
 * Left out: tests of the tests and of the documents, which find no mutant that others do not; those of whole commands, which
 * change the working directory or run the built program; and the properties that translate a whole random task very often (they
 * take seconds each; the fixtures reach the same code).
 * So are those that measure growth, which take long.
 */
const LEFT_OUT = [
  'unit/diff/speed.test.ts', 'unit/driver/leaks.test.ts', 'properties/linear.test.ts', 'unit/laws', 'unit/docs.test.ts', 'unit/examples.test.ts', 'unit/examples', 'unit/cli', 'golden/schema.test.ts', 'golden/migrate.test.ts',
  ...['optionsSetWhatTheySay', 'noOptionIsIgnored', 'determinism', 'image', 'secrets', 'totality', 'refusals', 'spec', 'secretsInCommands', 'migrateHcl'].map((name) => `properties/${name}.test.ts`)
].map((name) => `/test/${name}`)

const isLeftOut = (name) => LEFT_OUT.some((one) => name.endsWith(one))

/** The test files of a folder, in the order of their names. */
const testFiles = (dir) =>
  fs.readdirSync(dir, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) => [path.join(dir, entry.name), entry.isDirectory()])
    .filter(([file]) => !isLeftOut(file))
    .flatMap(([file, isDirectory]) => (isDirectory ? testFiles(file) : file.endsWith('.test.ts') ? [file] : []))

/** Loads every test file below the folders anew; generated code is kept. Returns the tests by id, in order. */
const load = (root, folders) => {
  const kept = path.join(root, 'src/generated')
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(`${root}/`) && file.endsWith('.ts') && !file.startsWith(kept)) delete require.cache[file]
  }
  const tests = new Map()
  const state = { group: undefined, file: '' }
  define(state, tests)
  for (const file of folders.flatMap((folder) => testFiles(path.join(root, folder)))) {
    state.file = path.relative(root, file)
    state.group = { name: '', parent: undefined, before: [], after: [] }
    require(file)
  }
  return tests
}

/** A program that holds mutants is many times slower: tests that measure time say nothing of one. */
const isMeasuring = (body) => String(body).includes('performance.now()')

const define = (state, tests) => {
  const describe = (name, body) => {
    const parent = state.group
    state.group = { name, parent, before: [], after: [] }
    body()
    state.group = parent
  }
  const it = (name, body) => {
    if (isMeasuring(body)) return
    const groups = lineage(state.group)
    const id = [state.file, ...groups.map((group) => group.name).filter((one) => one !== ''), name].join(' › ')
    const free = tests.has(id) ? `${id} (${tests.size})` : id
    tests.set(free, { id: free, file: state.file, groups, body })
  }
  describe.each = bind(describe)
  it.each = bind(it, false)
  Object.assign(globalThis, {
    describe, it, test: it, expect: expectPackage.expect, jest: { setTimeout: () => undefined },
    beforeAll: (body) => { state.group.before.push(once(body)) },
    // What a file made for itself stays until the worker ends.
    afterAll: () => undefined,
    beforeEach: (body) => { state.group.before.push(body) },
    afterEach: (body) => { state.group.after.push(body) }
  })
}

const once = (body) => {
  let done
  return () => (done ??= Promise.resolve(body()))
}

/** A group and those around it, outermost first. */
const lineage = (group) => (group === undefined ? [] : [...lineage(group.parent), group])

/** Runs one test; what it threw, or undefined. */
const run = async ({ groups, body }) => {
  try {
    for (const group of groups) for (const before of group.before) await before()
    try {
      await body()
    } finally {
      for (const group of [...groups].reverse()) for (const after of group.after) await after()
    }
    return undefined
  } catch (thrown) {
    return thrown ?? new Error('nothing was thrown')
  }
}

module.exports = { load, run }
