/** The tests of one folder of test/. */
const project = (name, settings = {}) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  testEnvironment: 'node',
  globals: { __VERSION__: '0.0.0-test', __BUILD__: 'test', __STOPS__: false },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { swcrc: false, jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }]
  },
  setupFilesAfterEnv: ['<rootDir>/test/setup/slow.ts'],
  ...settings
})

module.exports = {
  projects: [
    project('unit'),
    project('properties', { setupFiles: ['<rootDir>/test/setup/fastCheck.ts'] }),
    project('simulation'),
    project('golden'),
    project('library', { setupFiles: ['<rootDir>/test/setup/fastCheck.ts'] }),
    project('browser'),
    project('oracle', { setupFiles: ['<rootDir>/test/setup/fastCheck.ts'] }),
    // These three share the host's containerd state and cgroups: scripts/test.sh runs them one at a time.
    project('system'),
    project('attacks'),
    project('nomad'),
    // npm run test:crash, no part of npm test.
    project('crash')
  ],
  reporters: ['default', '<rootDir>/scripts/summary-reporter.cjs']
}
