// Builds dist/lib, what `import … from 'containerd-driver'` and 'containerd-driver/testing' give. fp-ts and the other packages are bundled;
// the ESM half keeps one file for each public function, so that a bundler drops what a program does not import.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

import { writeDeclarations } from './library/declarations.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = `${root}/dist/lib`

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2022',
  external: ['fast-check'],
  legalComments: 'eof',
  logLevel: 'warning'
}

const ENTRIES = { index: 'src/lib/index.ts', testing: 'src/testing/index.ts' }

// What index.ts takes functions from.
const parts = [...readFileSync(`${root}/src/lib/index.ts`, 'utf8').matchAll(/^export \{.*\} from '\.\/(\w+)'$/gm)].map(([, name]) => name)

rmSync(out, { recursive: true, force: true })
await build({
  ...common,
  entryPoints: [
    ...Object.entries(ENTRIES).map(([name, file]) => ({ in: file, out: name })),
    ...parts.map((name) => ({ in: `src/lib/${name}.ts`, out: `parts/${name}` }))
  ],
  outdir: out,
  chunkNames: 'parts/[hash]',
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.mjs' }
})
for (const [name, file] of Object.entries(ENTRIES)) {
  await build({ ...common, entryPoints: [file], outfile: `${out}/${name}.cjs`, format: 'cjs' })
}
writeDeclarations(root, out, ENTRIES, ['fast-check'])
console.error(`built dist/lib: ${readdirSync(out).sort().join(', ')}`)
