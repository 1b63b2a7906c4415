import { Server, status } from '@grpc/grpc-js'

import { hclSpecOf } from '../core/decode/HclSpec'
import * as TaskConfig from '../core/decode/TaskConfig'
import { collectWhile } from '../driver/collect'
import { destroy } from '../driver/destroy'
import { Driver } from '../driver/Driver'
import { health } from '../driver/health'
import { inspect, wait } from '../driver/inspect'
import { reapWhile } from '../driver/reap'
import { recover } from '../driver/recover'
import { signal as sendSignal } from '../driver/signal'
import { start } from '../driver/start'
import { stats } from '../driver/stats'
import { stop } from '../driver/stop'
import {
  DriverCapabilities,
  DriverCapabilities_FSIsolation as Isolation,
  DriverServer,
  DriverService,
  DriverTaskEvent,
  FingerprintResponse,
  NetworkIsolationSpec_NetworkIsolationMode as Mode,
  StartTaskResponse,
  TaskConfig as TaskMessage,
  TaskHandle
} from '../generated/nomad/driver'
import { execs } from './exec'
import { fromHandle, toHandle } from './handle'
import { aborted, Handlers } from './handlers'
import { toSpec } from './hclSpec'
import { toFingerprint } from './healthMessage'
import { plain } from './msgpack'
import { answered, done, Refusal } from './Refusal'
import { toSample } from './statsMessage'
import { signalNumber, toMs } from './stopping'
import { networkOf, toInspected, toWaited } from './taskMessages'

/** What the driver can do (the capabilities of the documentation). */
const CAPABILITIES = DriverCapabilities.fromPartial({
  sendSignals: true,
  exec: true,
  fsIsolation: Isolation.IMAGE,
  networkIsolationModes: [Mode.HOST, Mode.GROUP, Mode.TASK, Mode.NONE]
})

const notYet = (what: string): Refusal =>
  new Refusal(status.UNIMPLEMENTED, `${what} is not yet supported by containerd-driver`)

/** Nomad's driver service: each call is decoded, one function of `src/driver` is asked, its answer is encoded. */
export const addDriver = (server: Server, driver: Driver): void => {
  const { unary, streaming, sampling } = Handlers(driver.ports.log)
  const service: DriverServer = {
    init: unary(() => Promise.resolve({})),
    shutdown: unary(() => Promise.resolve({})),
    taskConfigSchema: unary(() => Promise.resolve({ spec: toSpec(hclSpecOf(TaskConfig.fields)) })),
    capabilities: unary(() => Promise.resolve({ capabilities: CAPABILITIES })),
    fingerprint: streaming((_request, send, cancelled) => fingerprint(driver, send, cancelled)),
    recoverTask: unary(async ({ handle }) => done(await recover(driver, keptIn(handle)))),
    startTask: unary(({ task }, cancelled) => startTask(driver, task, cancelled)),
    waitTask: unary(async ({ taskId }, cancelled) => toWaited(answered(await wait(driver, taskId, cancelled)))),
    stopTask: unary(async ({ taskId, timeout, signal }) => {
      const number = signal === '' ? undefined : signalNumber(signal)
      return done(await stop(driver, taskId, { withinMs: toMs(timeout), signal: number }))
    }),
    destroyTask: unary(async ({ taskId, force }) => done(await destroy(driver, taskId, force))),
    inspectTask: unary(({ taskId }) => Promise.resolve(toInspected(answered(inspect(driver, taskId))))),
    taskStats: sampling(async ({ taskId: id, collectionInterval }, send, cancelled) => {
      const asked = { id, everyMs: toMs(collectionInterval) }
      answered(await stats(driver, asked, (sample) => { send(toSample(id, sample)) }, cancelled))
    }),
    taskEvents: streaming((_request, send, cancelled) => taskEvents(driver, send, cancelled)),
    signalTask: unary(async ({ taskId, signal }) => done(await sendSignal(driver, taskId, signalNumber(signal)))),
    ...execs(driver),
    ...later(driver)
  }
  server.addService(DriverService, service)
}

/** Copies of the process that only validate are never asked for it: what it begins goes on as long as it is asked for. */
const fingerprint = async (
  driver: Driver, send: (fingerprint: FingerprintResponse) => void, cancelled: AbortSignal
): Promise<void> => {
  void reapWhile(driver, cancelled)
  void collectWhile(driver, cancelled)
  answered(await health(driver, (sight) => { send(toFingerprint(sight)) }, cancelled))
}

const startTask = async (
  driver: Driver, task: TaskMessage | undefined, cancelled: AbortSignal
): Promise<StartTaskResponse> => {
  if (task === undefined) throw new Refusal(status.INVALID_ARGUMENT, 'the request holds no task')
  const documents = { task: plain(task.msgpackDriverConfig, 'the task\'s config'), allocation: task }
  const handle = answered(await start(driver, documents, cancelled))
  return StartTaskResponse.fromPartial({ handle: toHandle(task, handle), networkOverride: networkOf(handle) })
}

const keptIn = (handle: TaskHandle | undefined): Parameters<typeof recover>[1] => {
  const kept = fromHandle(handle)
  if (kept === undefined) throw new Refusal(status.INVALID_ARGUMENT, 'the handle holds no task')
  return kept
}

/** What Nomad's protocol has and this version does not. */
const later = (driver: Driver): Pick<DriverServer, 'createNetwork' | 'destroyNetwork'> => {
  const { unary } = Handlers(driver.ports.log)
  return {
    createNetwork: unary(() => Promise.reject(notYet('CreateNetwork'))),
    destroyNetwork: unary(() => Promise.reject(notYet('DestroyNetwork')))
  }
}

const taskEvents = async (
  { events, ports: { clock } }: Driver, send: (event: DriverTaskEvent) => void, cancelled: AbortSignal
): Promise<void> => {
  const stopListening = events.listen((event) => {
    send({ ...event, annotations: { ...event.annotations }, timestamp: new Date(clock.now()) })
  })
  await aborted(cancelled)
  stopListening()
}
