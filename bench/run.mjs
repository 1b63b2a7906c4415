// npm run bench: bundles bench/bench.ts and runs it. Needs root, containerd and a built dist/containerd-driver.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const dir = mkdtempSync(join(tmpdir(), 'bench-'))
const outfile = join(dir, 'bench.cjs')
await build({
  absWorkingDir: root, entryPoints: ['bench/bench.ts'], outfile, bundle: true, platform: 'node', target: 'node20', format: 'cjs',
  alias: { '@grpc/proto-loader': './scripts/no-proto-loader.cjs' },
  define: { __dirname: JSON.stringify(join(root, 'test/system/harness')) },
  logLevel: 'warning'
})
// Where it is set, it costs every start of Node 85 ms.
const { NODE_EXTRA_CA_CERTS: _unset, ...env } = process.env
const { status } = spawnSync(process.execPath, [outfile], { stdio: 'inherit', env, cwd: root })
rmSync(dir, { recursive: true, force: true })
process.exitCode = status ?? 1
