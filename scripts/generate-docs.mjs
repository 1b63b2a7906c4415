// Writes docs/options.md, docs/plugin.md and docs/schema from the Fields, docs/limits.md from the ceilings, docs/cli.md from the commands, and the tables of docs/coming-from-docker.md from
// the rows of `migrate`, so that no table or schema is kept by hand.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { compileFunction } from 'node:vm'

import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const { outputFiles } = await build({
  absWorkingDir: root,
  stdin: {
    contents: `
      export { optionTables } from './src/core/decode/optionTable'
      export { manual } from './src/cli/program/manual'
      export { program } from './src/cli/program/program'
      export { configSchema } from './src/core/decode/configSchema'
      export { pretty } from './src/core/domain/canonical'
      export { fields as task } from './src/core/decode/TaskConfig'
      export { fields as plugin } from './src/core/decode/PluginConfig'
      export { limitsTable } from './src/core/domain/limitsTable'
      export { dockerTable, podmanTable } from './src/core/migrate/dockerTable'`,
    resolveDir: root
  },
  bundle: true, write: false, format: 'cjs', platform: 'node', mainFields: ['module', 'main'], define: { __VERSION__: '""' }, alias: { '@grpc/proto-loader': './scripts/no-proto-loader.cjs' }
})
const made = { exports: {} }
compileFunction(outputFiles[0].text, ['module', 'exports', 'require'])(made, made.exports, createRequire(import.meta.url))
const { configSchema, dockerTable, limitsTable, manual, optionTables, plugin, podmanTable, pretty, program, task } = made.exports

const page = (title, intro, table) => `# ${title}\n\n<!-- Made by \`npm run generate\` from the Fields in src/core/decode. -->\n\n${intro}\n\n${table}\n`

mkdirSync(`${root}/docs/schema`, { recursive: true })
for (const kind of ['task', 'plugin']) writeFileSync(`${root}/docs/schema/${kind}.schema.json`, pretty(configSchema(kind)))
writeFileSync(`${root}/docs/options.md`, page('Task options', 'What a job may write in the `config {}` block of a task with `driver = "containerd-driver"`.', optionTables(task)))
writeFileSync(`${root}/docs/plugin.md`, page('Plugin options', 'What the operator may write in `plugin "containerd-driver" { config {} }` of the agent file.', optionTables(plugin)))
writeFileSync(`${root}/docs/limits.md`, limitsTable())
writeFileSync(`${root}/docs/cli.md`, manual(program(() => undefined)))

const docker = `${root}/docs/coming-from-docker.md`
const tables = { 'Plugin options': dockerTable(), 'Words from elsewhere': podmanTable() }
const written = Object.entries(tables).reduce((text, [next, table]) => {
  const marked = new RegExp(`(<!-- This table is made by \`npm run generate\`[^>]*-->\\n\\n)((?!<!-- This)[^])*?(\\n\\n## ${next})`)
  if (!marked.test(text)) throw new Error(`${docker} has no place for the table before "${next}"`)
  return text.replace(marked, (_all, start, _old, end) => start + table + end)
}, readFileSync(docker, 'utf8'))
writeFileSync(docker, written)
