import { status } from '@grpc/grpc-js'
import * as E from 'fp-ts/Either'

import { ExecTaskStreamingResponse } from '../../src/generated/nomad/driver'
import { Asked, isCalm, Life, Process, reach, say, Sim, thingsOf } from './Sim'
import { Step } from './Step'
import { Answer } from './Wire'

type Exec = Extract<Step, { readonly _tag: 'Exec' }>

const TRUE = 'a command is answered with what it did'
const LEFT = 'of a command nothing is left'
const FAST = 'in a world without mishaps nothing fails'

/** What a command was said to have done. */
interface Done {
  readonly code: number
  readonly stdout: string
}

/** Runs a command in a task: whole, or at a console. Each has a word of its own by which the world tells it from others. */
export const exec = (sim: Sim, process: Process, life: Life, { command, withinMs, at }: Exec): void => {
  sim.commands += 1
  const mark = `mark=${String(sim.commands)}`
  const words = command.length === 0 ? [] : [...command, mark]
  const chunks: Array<ExecTaskStreamingResponse> = []
  const call = at === 'whole'
    ? process.wire.ask('execTask', { taskId: life.id, command: words, timeout: { seconds: BigInt(Math.floor(withinMs / 1000)), nanos: 0 } })
    : process.wire.converse('execTaskStreaming', { setup: { taskId: life.id, command: words, tty: at === 'terminal' } }, (chunk) => { chunks.push(chunk) })
  const asked: Asked = { what: `exec ${life.id}`, sinceMs: sim.world.clock.now(), isPatient: withinMs === 0 || at !== 'whole', life, call }
  sim.asked.add(asked)
  void (call.over as Promise<Answer<unknown>>).then((answer) => {
    if (!sim.asked.delete(asked)) return
    const done = E.map((message) => at === 'whole' ? whole(message as never) : said(chunks))(answer)
    judge(sim, life, { mark, command, withinMs }, done)
  })
}

const whole = ({ result, stdout }: { readonly result: { readonly exitCode: number } | undefined; readonly stdout: Buffer }): Done | undefined =>
  result === undefined ? undefined : { code: result.exitCode, stdout: stdout.toString() }

const said = (chunks: ReadonlyArray<ExecTaskStreamingResponse>): Done | undefined => {
  const last = chunks.find(({ exited }) => exited)
  const stdout = Buffer.concat(chunks.map((chunk) => chunk.stdout?.data ?? Buffer.alloc(0))).toString()
  return last?.result === undefined ? undefined : { code: last.result.exitCode, stdout }
}

interface Ran {
  readonly mark: string
  readonly command: ReadonlyArray<string>
  readonly withinMs: number
}

const NOT_FOUND = 127

const judge = (sim: Sim, life: Life, ran: Ran, answer: E.Either<{ readonly code: status; readonly details: string }, Done | undefined>): void => {
  const processes = sim.world.state.ran.filter(({ args }) => args.includes(ran.mark))
  reach(sim, `exec ${E.isLeft(answer) ? status[answer.left.code] : 'OK'}`)
  if (processes.length > 1) say(sim, 'a command runs once', `${ran.mark} ran ${String(processes.length)} times`)
  if (E.isLeft(answer)) {
    if (isCalm(sim) && !mayFail(life, ran)) say(sim, FAST, `exec ${ran.command.join(' ')}: ${answer.left.details}`)
  } else {
    isTrue(sim, ran, answer.right, processes[0]?.process.ended()?.status)
  }
  if (isCalm(sim)) isClean(sim, life)
}

const mayFail = (life: Life, { command, withinMs }: Ran): boolean =>
  command.length === 0 || command.includes('no-such-program') || withinMs > 0 || hasEnded(life)

const hasEnded = ({ lived, isEnding, isDestroying, isShimDead, isRemoved }: Life): boolean =>
  isEnding || isDestroying || isShimDead || isRemoved || lived?.process.ended() !== undefined

const isTrue = (sim: Sim, { mark, command }: Ran, done: Done | undefined, truth: number | undefined): void => {
  if (done === undefined) { say(sim, TRUE, `${mark}: no result`); return }
  if (command.includes('no-such-program') && done.code === NOT_FOUND) return
  if (truth !== done.code) say(sim, TRUE, `${mark} was said to end with ${String(done.code)}, and ended with ${String(truth)}`)
  const printed = command.flatMap((word) => (word.startsWith('print=') ? [word.slice('print='.length)] : [])).join('')
  if (done.stdout !== printed) say(sim, TRUE, `${mark} was said to print ${JSON.stringify(done.stdout)}, and printed ${JSON.stringify(printed)}`)
}

const OF_COMMANDS = /^(?:exec|pipes) /

/** What is there of the commands of a task. */
export const commandsOf = (sim: Sim, id: string): ReadonlyArray<string> => thingsOf(sim, id).filter((thing) => OF_COMMANDS.test(thing))

/** Where everything is well, nothing of a command is there once it was answered, unless there are others or one outlived SIGKILL. */
const isClean = (sim: Sim, life: Life): void => {
  const others = [...sim.asked].some(({ what }) => what === `exec ${life.id}`) || hanging(sim, life.id)
  const left = commandsOf(sim, life.id)
  if (!others && !life.hasVanished && !life.isOver && !life.isShimDead && left.length > 0) say(sim, LEFT, left.join(', '))
}

/** Whether a task ever ran a command that outlives SIGKILL: it is taken back long after its answer. */
const hanging = ({ world: { state } }: Sim, id: string): boolean =>
  state.ran.some(({ owner, args }) => owner === id && args.some((word) => word.startsWith('hang=')))

/** Whoever asked for commands of a task goes. */
export const vanish = (sim: Sim, id: string): void => {
  for (const one of sim.asked) {
    if (one.what !== `exec ${id}`) continue
    sim.asked.delete(one)
    if (one.life !== undefined) one.life.hasVanished = true
    one.call.cancel()
  }
}

/** Long after the last caller went, nothing of any command is there, whether its task runs or not. One that outlives its task is its destroy's. */
export const nothingLeft = (sim: Sim): void => {
  if (sim.wasDenied) return
  for (const { id, lived, knownBy } of sim.lives.values()) {
    // A run that Nomad could not find again is taken down as a whole, by whoever destroys it.
    if (knownBy !== sim.process) continue
    if (hanging(sim, id) && lived?.process.ended() !== undefined) continue
    // What containerd has of one in a task that has ended goes with the task.
    const isOver = lived?.process.ended() !== undefined
    const left = commandsOf(sim, id).filter((thing) => !isOver || !thing.startsWith('exec '))
    if (left.length > 0) say(sim, LEFT, left.join(', '))
  }
}
