// Bundles the program into one executable file. V8 parses a whole file before it runs a line of it, so the heavy half (gRPC,
// containerd, the plugin) lies in it as a deflated text that is inflated and compiled when an import() first asks for it: the CLI starts twice as fast.
import { readFileSync, chmodSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
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

const heavy = await build({
  ...common,
  stdin: {
    contents: "export { serve } from './src/plugin/serve'\nexport { runCommand } from './src/cli/run'\nexport { factsCommand } from './src/cli/facts'\nexport { lockCommand } from './src/cli/lock'",
    resolveDir: root
  },
  // Code that was compiled from a text has no import() of its own; what is left of them becomes require.
  supported: { 'dynamic-import': false },
  write: false
})

const late = {
  name: 'late',
  setup(builder) {
    builder.onResolve({ filter: /^\.\/(plugin\/serve|run|facts|lock)$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: 'heavy', namespace: 'late' } : { errors: [{ text: `${path} must be reached by import()` }] })
    builder.onLoad({ filter: /.*/, namespace: 'late' }, () => ({
      contents: `
        const made = { exports: {} }
        const text = require('node:zlib').inflateRawSync(Buffer.from(${JSON.stringify(deflateRawSync(heavy.outputFiles[0].text, { level: 9 }).toString('base64'))}, 'base64')).toString('latin1')
        require('node:vm').compileFunction(text, ['module', 'exports', 'require'], { filename: 'containerd-driver/machine.js' })(
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
if (/[^\x00-\x7f]/.test(heavy.outputFiles[0].text)) throw new Error('the heavy half is not ASCII')
// One letter beyond ASCII would make V8 keep the whole text at two bytes a letter: 4 MB of memory in every plugin.
if (/[^\x00-\x7f]/.test(readFileSync(`${root}/dist/containerd-driver`, 'latin1'))) throw new Error('the bundle is not ASCII')
chmodSync(`${root}/dist/containerd-driver`, 0o755)
console.error(`built dist/containerd-driver ${version}`)
