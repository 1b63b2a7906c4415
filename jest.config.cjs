const minute = 60_000

/** The tests of one folder of test/. */
const project = (name, settings = {}) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { swcrc: false, jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }]
  },
  testTimeout: minute,
  ...settings
})

module.exports = {
  projects: [
    project('unit'),
    project('properties', { setupFiles: ['<rootDir>/test/setup/fastCheck.ts'] }),
    project('golden'),
    // These two share the host's containerd state and cgroups: scripts/test.sh runs them one at a time.
    project('system', { testTimeout: 3 * minute }),
    project('nomad', { testTimeout: 5 * minute })
  ],
  reporters: ['default', '<rootDir>/scripts/summary-reporter.cjs']
}
