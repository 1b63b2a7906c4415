import { Server, ServerDuplexStream, status } from '@grpc/grpc-js'

import { hclSpecOf } from '../core/decode/HclSpec'
import * as TaskConfig from '../core/decode/TaskConfig'
import {
  DriverCapabilities, DriverCapabilities_FSIsolation as Isolation, DriverServer, DriverService, DriverTaskEvent,
  ExecTaskStreamingRequest, ExecTaskStreamingResponse, NetworkIsolationSpec_NetworkIsolationMode as Mode
} from '../generated/nomad/driver'
import { destroyTask, signalTask, stopTask } from './endTask'
import { fingerprint } from './fingerprint'
import { aborted, streaming, unary } from './handlers'
import { toSpec } from './hclSpec'
import { inspectTask, waitTask } from './inspectTask'
import { PluginState } from './PluginState'
import { recoverTask } from './recoverTask'
import { Refusal, toServiceError } from './Refusal'
import { startTask } from './startTask'
import { taskStats } from './taskStats'

/** What the driver can do (the capabilities of the documentation). */
const CAPABILITIES = DriverCapabilities.fromPartial({
  sendSignals: true,
  exec: true,
  fsIsolation: Isolation.IMAGE,
  networkIsolationModes: [Mode.HOST, Mode.GROUP, Mode.TASK, Mode.NONE]
})

const notYet = (what: string): Refusal => new Refusal(status.UNIMPLEMENTED, `${what} is not yet supported by containerd-driver`)

/** Nomad's driver service. */
export const addDriver = (server: Server, state: PluginState): void => {
  const service: DriverServer = {
    init: unary(() => Promise.resolve({})),
    shutdown: unary(() => Promise.resolve({})),
    taskConfigSchema: unary(() => Promise.resolve({ spec: toSpec(hclSpecOf(TaskConfig.fields)) })),
    capabilities: unary(() => Promise.resolve({ capabilities: CAPABILITIES })),
    fingerprint: streaming((_request, send, cancelled) => fingerprint(state, send, cancelled)),
    recoverTask: unary(({ handle }) => recoverTask(state, handle).then(nothing)),
    startTask: unary(({ task }) => {
      if (task === undefined) throw new Refusal(status.INVALID_ARGUMENT, 'the request holds no task')
      return startTask(state, task)
    }),
    waitTask: unary(({ taskId }, cancelled) => waitTask(state, taskId, cancelled)),
    stopTask: unary(({ taskId, timeout, signal }) => stopTask(state, taskId, timeout, signal).then(nothing)),
    destroyTask: unary(({ taskId, force }) => destroyTask(state, taskId, force).then(nothing)),
    inspectTask: unary(({ taskId }) => Promise.resolve(inspectTask(state, taskId))),
    taskStats: streaming(({ taskId }, send, cancelled) => taskStats(state, taskId, send, cancelled)),
    taskEvents: streaming((_request, send, cancelled) => taskEvents(state, send, cancelled)),
    signalTask: unary(({ taskId, signal }) => signalTask(state, taskId, signal).then(nothing)),
    execTask: unary(() => Promise.reject(notYet('exec'))),
    execTaskStreaming: refuseExec,
    createNetwork: unary(() => Promise.reject(notYet('CreateNetwork'))),
    destroyNetwork: unary(() => Promise.reject(notYet('DestroyNetwork')))
  }
  server.addService(DriverService, service)
}

const nothing = (): object => ({})

const refuseExec = (call: ServerDuplexStream<ExecTaskStreamingRequest, ExecTaskStreamingResponse>): void => {
  call.emit('error', toServiceError(notYet('exec')))
}

const taskEvents = async (
  { events }: PluginState, send: (event: DriverTaskEvent) => void, cancelled: AbortSignal
): Promise<void> => {
  const stop = events.listen((event) => {
    send({ ...event, annotations: { ...event.annotations }, timestamp: new Date() })
  })
  await aborted(cancelled)
  stop()
}
