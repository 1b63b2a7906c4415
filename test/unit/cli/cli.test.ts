import { Command } from 'commander'

import { cli } from '../../../src/cli/cli'
import { Output } from '../../../src/cli/output/Output'

/** What a command line that ends like this writes, and its exit code. */
const ended = async (args: ReadonlyArray<string>, action: (say: (output: Output) => void) => void): Promise<Output> => {
  const [stdout, stderr] = [jest.spyOn(process.stdout, 'write').mockReturnValue(true), jest.spyOn(process.stderr, 'write').mockReturnValue(true)]
  try {
    const exitCode = await cli(args, (say) => new Command().option('--debug').exitOverride().action(() => { action(say) }))
    const text = (spy: typeof stdout): string => spy.mock.calls.map(([chunk]) => String(chunk)).join('')
    return { stdout: text(stdout), stderr: text(stderr), exitCode }
  } finally {
    stdout.mockRestore()
    stderr.mockRestore()
  }
}

const fails = (): never => { throw new TypeError('x is not a function') }

it('an internal error ends with 3 and one sentence', async () => {
  expect(await ended([], fails)).toEqual({ stdout: '', stderr: 'internal error: x is not a function\n--debug shows where\n', exitCode: 3 })
})

it('--debug shows where it came from', async () => {
  const { stderr, exitCode } = await ended(['--debug'], fails)
  expect(exitCode).toBe(3)
  expect(stderr).toMatch(/^internal error: x is not a function\nTypeError: x is not a function\n +at .*cli\.test\.ts/)
})

it('what is told of mistakes has nothing that a terminal obeys, and the result is as it is', async () => {
  expect(await ended([], (say) => { say({ stdout: '\u001b[1mbold\u001b[0m\n', stderr: 'a\u001b[31mb\u202e\nc\n', exitCode: 1 }) })).toEqual({
    stdout: '\u001b[1mbold\u001b[0m\n', stderr: 'a\\u001b[31mb\\u202e\nc\n', exitCode: 1
  })
})
