import { exitOf, fromLabel, toLabel } from '../../../src/core/watch/exitOf'

it.each([
  [0, 0], [1, 0], [127, 0], [128, 0], [129, 1], [137, 9], [143, 15], [192, 64], [193, 0], [255, 0]
])('status %d is signal %d', (status, signal) => {
  expect(exitOf(status, 0, 7)).toEqual({ code: status, signal, oomKilled: false, oomKills: 0, atMs: 7 })
})

it.each([exitOf(0, 0, 0), exitOf(137, 1, 1_700_000_000_123), exitOf(255, 0, 5)])('an exit is the same after it was a label: %j', (exit) => {
  expect(fromLabel(toLabel(exit))).toEqual(exit)
})

it.each(['', '[]', '[0,0,false]', '[0,0,no,1]', '[-1,0,false,1]', '[0,0,false,1] ', '{"code":0}', '[0,0,false,1.5]'])('%j is no label of ours', (label) => {
  expect(fromLabel(label)).toBeUndefined()
})

it.each(['x[0,0,false,1]', '[0,0,false,1]x', '[0,,false,1]'])('%j is no label either', (label) => { expect(fromLabel(label)).toBeUndefined() })

it('a label holds numbers of any length', () => { expect(fromLabel('[137,15,true,12]')).toEqual({ code: 137, signal: 15, oomKilled: true, oomKills: 1, atMs: 12 }) })

it.each([[0, 1, false], [1, 2, false], [143, 1, false], [137, 0, false], [137, 1, true], [137, 3, true]] as const)(
  'status %d after %d kills for want of memory: the task itself was killed: %s', (status, kills, oomKilled) => {
    expect(exitOf(status, kills, 7)).toMatchObject({ code: status, oomKilled, oomKills: kills })
  }
)
