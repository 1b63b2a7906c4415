// Writes docs/options.md, docs/plugin.md and docs/schema from the Fields, so that no table or schema is kept by hand.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const { outputFiles } = await build({
  absWorkingDir: root,
  stdin: {
    contents: `
      export { optionTables } from './src/core/decode/optionTable'
      export { configSchema } from './src/core/decode/configSchema'
      export { pretty } from './src/core/domain/canonical'
      export { fields as task } from './src/core/decode/TaskConfig'
      export { fields as plugin } from './src/core/decode/PluginConfig'`,
    resolveDir: root
  },
  bundle: true, write: false, format: 'esm', mainFields: ['module', 'main']
})
const { configSchema, optionTables, plugin, pretty, task } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
)

const page = (title, intro, table) => `# ${title}\n\n<!-- Made by \`npm run generate\` from the Fields in src/core/decode. -->\n\n${intro}\n\n${table}\n`

mkdirSync(`${root}/docs/schema`, { recursive: true })
for (const kind of ['task', 'plugin']) writeFileSync(`${root}/docs/schema/${kind}.schema.json`, pretty(configSchema(kind)))
writeFileSync(`${root}/docs/options.md`, page('Task options', 'What a job may write in the `config {}` block of a task with `driver = "containerd-driver"`.', optionTables(task)))
writeFileSync(`${root}/docs/plugin.md`, page('Plugin options', 'What the operator may write in `plugin "containerd-driver" { config {} }` of the agent file.', optionTables(plugin)))
