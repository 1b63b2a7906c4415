// A project's own `testTimeout` does not reach its tests (jest 30): this does.
jest.setTimeout(120_000)
