import { Plan, Planned } from './Plan'
import { Do, targetOf, Undo } from './Step'

const TAG_WIDTH = 16

/** A plan as text for people: a line a step, with its undo and its reason. Holds no secret because a plan holds none. */
export const render = (plan: Plan): string => {
  const width = Math.max(0, ...plan.steps.map(({ act }) => shown(act).length))
  const undoWidth = Math.max(0, ...plan.steps.map(({ undo }) => undoText(undo).length))
  const head = `${plan.mode} ${plan.owner} · ${String(plan.steps.length)} steps`
  return [head, ...plan.steps.map((planned) => line(planned, width, undoWidth))].map((text) => `${text}\n`).join('')
}

const line = ({ act, undo, why }: Planned, width: number, undoWidth: number): string =>
  `${symbol(act)} ${act._tag.padEnd(TAG_WIDTH)} ${shown(act).padEnd(width)}  ↩ ${undoText(undo).padEnd(undoWidth)}  ${why}`

const symbol = (act: Do): string => {
  switch (act._tag) {
    case 'HoldLease':
    case 'PullImage':
    case 'UnpackImage':
    case 'MakeDirectory':
    case 'WriteFile':
    case 'PinSource':
    case 'PrepareSnapshot':
    case 'CreateContainer':
    case 'CreateTask':
    case 'StartTask':
      return '  +'
    case 'CheckAccess':
      return '  ?'
    case 'ReleaseLease':
      return '  -'
    case 'SendSignal':
    case 'AwaitExit':
      return '  !'
    case 'InspectPaths':
    case 'InspectMounts':
      return '  ?'
  }
}

const undoText = (undo: Undo): string => (undo._tag === 'Keep' ? `(kept: ${undo.because})` : undo._tag)

const SHORT = 'sha256:'.length + 12

/** A digest as people compare it: its first twelve digits. */
const short = (digest: string): string => digest.slice(0, SHORT)

const shown = (act: Do): string => {
  switch (act._tag) {
    case 'PrepareSnapshot':
      return `${act.key} from ${short(act.parent)}`
    case 'CreateContainer':
      return `${act.container} with ${short(act.spec)}`
    case 'WriteFile':
      return `${act.path} with ${short(act.digest)}`
    case 'PinSource':
      return `${act.source} at ${act.path}`
    case 'SendSignal':
      return `${act.container} ${String(act.signal)}`
    case 'AwaitExit':
      return `${act.container} ${String(act.withinMs)} ms, then signal ${String(act.thenSignal)}`
    case 'HoldLease':
    case 'ReleaseLease':
    case 'CheckAccess':
    case 'PullImage':
    case 'UnpackImage':
    case 'MakeDirectory':
    case 'InspectPaths':
    case 'InspectMounts':
    case 'CreateTask':
    case 'StartTask':
      return targetOf(act)
  }
}
