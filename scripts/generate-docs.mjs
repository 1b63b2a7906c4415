// Writes docs/options.md and docs/plugin.md from the Fields, and the table of docs/coming-from-docker.md from the rows of `migrate`, so
// that no table is kept by hand.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const { outputFiles } = await build({
  absWorkingDir: root,
  stdin: {
    contents: `
      export { optionTables } from './src/core/decode/optionTable'
      export { fields as task } from './src/core/decode/TaskConfig'
      export { fields as plugin } from './src/core/decode/PluginConfig'
      export { dockerTable } from './src/core/migrate/dockerTable'`,
    resolveDir: root
  },
  bundle: true, write: false, format: 'esm', mainFields: ['module', 'main']
})
const { optionTables, task, plugin, dockerTable } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
)

const page = (title, intro, table) => `# ${title}\n\n<!-- Made by \`npm run generate\` from the Fields in src/core/decode. -->\n\n${intro}\n\n${table}\n`

mkdirSync(`${root}/docs`, { recursive: true })
writeFileSync(`${root}/docs/options.md`, page('Task options', 'What a job may write in the `config {}` block of a task with `driver = "containerd-driver"`.', optionTables(task)))
writeFileSync(`${root}/docs/plugin.md`, page('Plugin options', 'What the operator may write in `plugin "containerd-driver" { config {} }` of the agent file.', optionTables(plugin)))

const docker = `${root}/docs/coming-from-docker.md`
const marked = /(<!-- This table is made by `npm run generate`[^>]*-->\n\n)[^]*?(\n\n## Plugin options)/
const before = readFileSync(docker, 'utf8')
if (!marked.test(before)) throw new Error(`${docker} has no place for the table of task options`)
writeFileSync(docker, before.replace(marked, (_all, start, end) => start + dockerTable() + end))
