import { barText, Meter } from '../../../src/cli/machine/pull/Meter'

const MIB = 1024 * 1024

const screen = (isTerminal: boolean): { readonly said: Array<string>; readonly clock: { ms: number }; readonly meter: Meter } => {
  const said: Array<string> = []
  const clock = { ms: 0 }
  return { said, clock, meter: Meter('redis:7', { isTerminal, write: (text) => { said.push(text) }, now: () => clock.ms }) }
}

it('a terminal has a bar with bytes and rate, at most ten times a second, and nothing of it at the end', () => {
  const { said, clock, meter } = screen(true)
  meter.begins()
  for (clock.ms = 10; clock.ms <= 1000; clock.ms += 10) meter.comes({ bytes: clock.ms * 1024, ofBytes: 10 * MIB })
  expect(said.filter((text) => text.startsWith('redis:7'))).toHaveLength(10)
  expect(said.at(-1)).toBe('redis:7 [##                      ] 1.0 of 10.0 MiB, 1.0 MiB/s')
  meter.comes({ bytes: 10 * MIB, ofBytes: 10 * MIB })
  expect(said.at(-1)).toContain('10.0 of 10.0 MiB')
  meter.ends('')
  expect(said.slice(-2)).toEqual(['\r\u001b[K', ''])
})

it('elsewhere there are lines, one in ten seconds, and no letter that steers a terminal', () => {
  const { said, clock, meter } = screen(false)
  meter.begins()
  for (clock.ms = 0; clock.ms <= 35_000; clock.ms += 100) meter.comes({ bytes: clock.ms * 1024, ofBytes: 100 * MIB })
  meter.ends('gone\n')
  expect(said).toHaveLength(5)
  expect(said[0]).toBe('redis:7: downloading\n')
  expect(said[1]).toBe('redis:7: 9.8 of 100.0 MiB, 1.0 MiB/s\n')
  expect(said.join('')).not.toContain('\u001b')
})

it('a bar knows that nobody knows yet', () => {
  expect(barText({ bytes: 0, ofBytes: 0 })).toBe(`[${' '.repeat(24)}]`)
  expect(barText({ bytes: 7, ofBytes: 5 })).toBe(`[${'#'.repeat(24)}]`)
})
