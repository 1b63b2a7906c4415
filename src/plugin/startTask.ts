import { status } from '@grpc/grpc-js'
import * as E from 'fp-ts/Either'

import { Compiled } from '../core/compile/Compiled'
import { isNonEmpty } from '../core/domain/Issue'
import { Plan, undosOf } from '../core/plan/Plan'
import { planStart } from '../core/plan/plans'
import { notExecutedYet } from '../core/resolve/notExecutedYet'
import { imageName } from '../core/resolve/questionsOf'
import * as Request from '../core/resolve/Request'
import { needsOf, translate } from '../core/translate'
import { Containerd } from '../effects/containerd/Containerd'
import { machine } from '../effects/containerd/machine'
import { execute } from '../effects/execute'
import { prepare } from '../effects/prepare'
import { StartTaskResponse, TaskConfig, TaskHandle, TaskState } from '../generated/nomad/driver'
import { DriverState, encode } from './driverState'
import { plain } from './msgpack'
import { PluginState } from './PluginState'
import { ofFailure, ofIssues, ofReport, Refusal } from './Refusal'
import { watchTask } from './watchTask'

/** StartTask: compiles what Nomad sent, runs the plan, and hands Nomad all that is needed to find the task again. */
export const startTask = async (state: PluginState, config: TaskConfig): Promise<StartTaskResponse> => {
  if (state.tasks.has(config.id) || state.starting.has(config.id)) {
    throw new Refusal(status.ALREADY_EXISTS, `task with ID ${JSON.stringify(config.id)} already started`)
  }
  state.starting.add(config.id)
  try {
    const { document, config: plugin } = state.configured()
    const documents = { task: plain(config.msgpackDriverConfig, 'the task\'s config'), plugin: document, allocation: config }
    const request = Request.decode(documents)
    if (E.isLeft(request)) throw ofIssues(request.left)
    const later = notExecutedYet(request.right)
    if (isNonEmpty(later)) throw ofIssues(later)
    const containerd = state.containerd(plugin.address, plugin.namespace)
    const compiled = await compileFor(state, containerd, request.right)
    const plan = planStart(compiled)
    const report = await execute(machine(containerd), plan, { compiled })
    if (report._tag === 'RolledBack') throw ofReport(report)
    const driverState = stateOf(containerd, compiled, plan)
    state.tasks.set(config.id, watchTask(containerd, config, driverState))
    return StartTaskResponse.fromPartial({ handle: handleOf(config, driverState) })
  } finally {
    state.starting.delete(config.id)
  }
}

const compileFor = async (state: PluginState, containerd: Containerd, request: Request.Request): Promise<Compiled> => {
  const needs = { ...needsOf(request), fetching: () => { announce(state, request) } }
  const facts = await prepare(containerd, needs, state.accounts)
  if (E.isLeft(facts)) {
    throw facts.left._tag === 'RolledBack' ? ofReport(facts.left) : ofFailure(facts.left)
  }
  const compiled = translate(request, facts.right)
  if (E.isLeft(compiled)) throw ofIssues(compiled.left)
  return compiled.right
}

const announce = ({ events }: PluginState, request: Request.Request): void => {
  const { id, allocId, name } = request.allocation
  events.emit({ taskId: id, allocId, taskName: name, message: 'Downloading image', annotations: { image: imageName(request) } })
}

const stateOf = ({ address, namespace }: Containerd, { container, stop }: Compiled, plan: Plan): DriverState => ({
  version: 1, containerId: container.id, address, namespace, stopSignal: stop.signal, startedAtMs: Date.now(), undos: undosOf(plan)
})

const HANDLE_VERSION = 1

// Nomad needs the whole config back: without it a restore is taken for "nothing to recover".
const handleOf = (config: TaskConfig, state: DriverState): TaskHandle => ({
  version: HANDLE_VERSION, config, state: TaskState.RUNNING, driverState: encode(state)
})
