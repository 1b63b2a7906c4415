// Bundles the program into one executable file. V8 parses a whole file before it runs a line of it, so what most commands do not need (gRPC, containerd,
// the plugin; comparing and formats) lies in it as deflated texts that are inflated and compiled when an import() first asks for them: the CLI starts twice as fast.
import { readFileSync, chmodSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  alias: { '@grpc/proto-loader': './scripts/no-proto-loader.cjs' },
  define: { __VERSION__: JSON.stringify(version) },
  minify: true,
  legalComments: 'eof',
  logLevel: 'warning'
}

// The late parts, by what they are for: what each exports, and the modules of src that an import() of the program may ask for.
const LATE = {
  machine: {
    'plugin/serve': 'serve', 'cli/run': 'runCommand', 'cli/facts': 'factsCommand', 'cli/lock': 'lockCommand', 'cli/liveDiffCommand': 'liveDiffCommand'
  },
  comparing: {
    'cli/diff/diff': 'diffCommand', 'cli/golden/golden': 'goldenCheck, goldenUpdate', 'cli/check': 'checkCommand', 'cli/explain': 'explainCommand',
    'cli/causeLines': 'causeLines'
  },
  writing: { 'cli/completion': 'completion', 'cli/schema': 'schemaCommand', 'cli/migrate': 'migrateCommand' }
}

const textOf = async (modules) => {
  const contents = Object.entries(modules).map(([module, names]) => `export { ${names} } from './src/${module}'`).join('\n')
  const { outputFiles } = await build({
    ...common,
    stdin: { contents, resolveDir: root },
    // Code that was compiled from a text has no import() of its own; what is left of them becomes require.
    supported: { 'dynamic-import': false },
    write: false
  })
  const { text } = outputFiles[0]
  if (/[^\x00-\x7f]/.test(text)) throw new Error('a late part is not ASCII')
  return deflateRawSync(text, { level: 9 }).toString('base64')
}

const texts = Object.fromEntries(await Promise.all(Object.entries(LATE).map(async ([part, modules]) => [part, await textOf(modules)])))
const partOf = (path) => Object.keys(LATE).find((part) => Object.keys(LATE[part]).some((module) => path === join(root, 'src', module)))

const late = {
  name: 'late',
  setup(builder) {
    builder.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
      const part = partOf(join(resolveDir, path))
      if (part === undefined) return undefined
      return kind === 'dynamic-import' ? { path: part, namespace: 'late' } : { errors: [{ text: `${path} must be reached by import()` }] }
    })
    builder.onLoad({ filter: /.*/, namespace: 'late' }, ({ path: part }) => ({
      contents: `
        const made = { exports: {} }
        const text = require('node:zlib').inflateRawSync(Buffer.from(${JSON.stringify(texts[part])}, 'base64')).toString('latin1')
        require('node:vm').compileFunction(text, ['module', 'exports', 'require'], { filename: 'containerd-driver/${part}.js' })(
          made, made.exports, require)
        module.exports = made.exports`,
      resolveDir: root
    }))
  }
}

await build({
  ...common,
  entryPoints: ['src/main.ts'],
  outfile: 'dist/containerd-driver',
  banner: { js: '#!/usr/bin/env node' },
  plugins: [late]
})
// One letter beyond ASCII would make V8 keep the whole text at two bytes a letter: 4 MB of memory in every plugin.
if (/[^\x00-\x7f]/.test(readFileSync(`${root}/dist/containerd-driver`, 'latin1'))) throw new Error('the bundle is not ASCII')
chmodSync(`${root}/dist/containerd-driver`, 0o755)
console.error(`built dist/containerd-driver ${version}`)
