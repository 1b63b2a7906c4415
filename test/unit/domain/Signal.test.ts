import { numberOf } from '../../../src/core/domain/Signal'

describe('a signal is written as in Docker and Nomad', () => {
  it.each([
    ['SIGTERM', 15], ['TERM', 15], ['term', 15], ['sigterm', 15], ['15', 15], ['SIGKILL', 9], ['SIGUSR1', 10], ['SIGIOT', 6], ['SIGABRT', 6],
    ['SIGSYS', 31], ['1', 1], ['64', 64], ['SIGRTMIN', 34], ['RTMIN+3', 37], ['SIGRTMIN+30', 64], ['SIGRTMAX', 64], ['SIGRTMAX-14', 50], ['rtmax-30', 34]
  ])('%s is %d', (name, number) => { expect(numberOf(name)).toBe(number) })

  it.each(['', '0', '65', '100', '-1', '1.5', ' 15', 'SIG', 'SIGSIGTERM', 'SIGFOO', 'SIGRTMIN+31', 'SIGRTMAX-31', 'SIGRTMIN-1', 'SIGRTMAX-1x', 'SIGRTMIN+1x', 'SIGXSIGRTMIN', 'SIGXSIGRTMAX', 'SIGRTMAX+1', 'constructor', 'SIGconstructor', '__proto__'])(
    '%j is no signal', (name) => { expect(numberOf(name)).toBeUndefined() }
  )
})
