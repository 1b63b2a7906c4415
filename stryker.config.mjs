// Run by scripts/mutation.mjs, which says what to mutate (MUTATION_FILES, a JSON list of globs) and where to work.
const mutate = JSON.parse(process.env.MUTATION_FILES ?? '["src/core/**/*.ts"]')

export default {
  testRunner: 'in-process',
  plugins: ['./scripts/mutation/plugin.mjs'],
  mutate,
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  concurrency: Number(process.env.MUTATION_WORKERS ?? 2),
  timeoutMS: Number(process.env.MUTATION_TIMEOUT_MS ?? 4000),
  dryRunTimeoutMinutes: 30,
  timeoutFactor: 2,
  tempDirName: process.env.MUTATION_DIR ?? '.stryker-tmp',
  ignorePatterns: ['dist', 'bench', '.ci', 'jobspec'],
  checkers: [],
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: process.env.MUTATION_REPORT ?? '.stryker-tmp/report.json' },
  allowEmpty: true,
  disableTypeChecks: true,
  allowConsoleColors: false,
  cleanTempDir: 'always'
}
