// Bundles src/main.ts into one executable file. What is only reached by import() stays unevaluated until it is needed.
import { readFileSync, chmodSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))

await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outfile: 'dist/containerd-driver',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  alias: { '@grpc/proto-loader': './scripts/no-proto-loader.cjs' },
  banner: { js: '#!/usr/bin/env node' },
  define: { __VERSION__: JSON.stringify(version) },
  
  
  keepNames: true,
  legalComments: 'linked',
  logLevel: 'warning'
})
chmodSync(`${root}/dist/containerd-driver`, 0o755)
console.error(`built dist/containerd-driver ${version}`)
