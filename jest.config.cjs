const project = (name, setup = []) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  setupFiles: setup
})

const fastCheck = ['<rootDir>/test/setup/fastCheck.ts']

module.exports = {
  projects: [project('unit'), project('properties', fastCheck), project('golden'), project('system'), project('nomad')],
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/scripts/summary-reporter.cjs']
}
