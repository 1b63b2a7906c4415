import { readFileSync, writeFileSync } from 'node:fs'

import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../core/domain/Failure'
import { Machine } from './ports/Machine'
import { Ports } from './ports/Ports'
import { Reads } from './ports/Reads'

/**
 * Ports that stop their own process before and after each act, undo and question, for tests that kill it right there
 * (`scripts/build.mjs --stops`); the released file has none of this. How many of these moments are passed by first
 * stands in the file that the environment names, which counts down; where it is empty nothing stops. The last line of
 * the log names the moment.
 */
export const stoppingPorts = (ports: Ports, env = process.env): Ports => {
  const file = env['CONTAINERD_DRIVER_STOPS']
  if (file === undefined) return ports
  const moment = (name: string): void => { if (isNow(file)) stop(ports, name) }
  return {
    ...ports,
    machine: (place) => stoppingMachine(ports.machine(place), moment),
    reads: (place) => stoppingReads(ports.reads(place), moment),
    streams: (...args) => around('open streams', moment, ports.streams(...args))
  }
}

type Moment = (name: string) => void

const isNow = (file: string): boolean => {
  const text = readFileSync(file, 'utf8')
  if (text === '') return false
  const left = Number(text)
  writeFileSync(file, left > 0 ? String(left - 1) : '')
  return left === 0
}

const stop = ({ log }: Ports, name: string): void => {
  log('info', `stopped ${name}`)
  process.kill(process.pid, 'SIGSTOP')
}

const around = <A>(name: string, moment: Moment, act: TE.TaskEither<Failure, A>): TE.TaskEither<Failure, A> =>
  async () => {
    moment(`before ${name}`)
    const outcome = await act()
    moment(`after ${name}`)
    return outcome
  }

const stoppingMachine = (machine: Machine, moment: Moment): Machine => ({
  perform: (act, how) => around(act._tag, moment, machine.perform(act, how)),
  revert: (undo, how) => around(`undo ${undo._tag}`, moment, machine.revert(undo, how))
})

/** Whoever waits for an end waits beside all else: it is no step. */
const stoppingReads = (reads: Reads, moment: Moment): Reads => ({
  ...reads,
  answer: (...args) => around('answer', moment, reads.answer(...args)),
  observe: (...args) => around('observe', moment, reads.observe(...args)),
  noteExit: (...args) => around('note exit', moment, reads.noteExit(...args)),
  records: (...args) => around('records', moment, reads.records(...args)),
  runs: (...args) => around('runs', moment, reads.runs(...args)),
  process: (...args) => around('process', moment, reads.process(...args)),
  namesIn: (...args) => around('names in', moment, reads.namesIn(...args))
})
