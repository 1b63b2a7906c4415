import { CEILINGS } from './ceilings'

const INTRO = `# How much is taken

<!-- Made by \`npm run generate\` from src/core/domain/ceilings.ts. -->

A job, an image and Nomad may say a lot, but not without end: each start is worked on by a process that serves every
task of the host. What is more than this is refused before anything is done with it, with the name of the option and the
figure. Sizes are bytes of UTF-8.`

const OUTRO = `Below these figures ten times as much takes at most about ten times the time
(\`test/properties/linear.test.ts\`; \`npm run bench\` has the figures). A refused start names the first
hundred mistakes. Directories under \`devices\` may hold 20,000 files together. Blobs, layers and downloads have
figures of their own.`

/** The page `docs/limits.md`. */
export const limitsTable = (): string =>
  [
    INTRO,
    '',
    '| what | at most | where the figure comes from |',
    '| --- | --- | --- |',
    ...CEILINGS.map(
      ({ what, most, unit, source }) =>
        `| ${what} | ${most.toLocaleString('en')}${unit === 'items' ? '' : ` ${unit}`} | ${source} |`
    ),
    '',
    OUTRO,
    ''
  ].join('\n')
