import { Plan, Planned, Unless } from './Plan'
import { symbolOf, textOf } from './Step'
import { Undo } from './Undo'

const TAG_WIDTH = 16

/**
 * A plan as text for people: a line a step, with its undo and its reason. Holds no secret because a plan holds none.
 */
export const render = (plan: Plan): string => {
  const width = Math.max(0, ...plan.steps.map(({ act }) => textOf(act).length))
  const undoWidth = Math.max(0, ...plan.steps.map(({ undo }) => undoText(undo).length))
  return [head(plan), ...plan.steps.map((planned) => line(planned, width, undoWidth))]
    .map((text) => `${text}\n`)
    .join('')
}

const head = ({ mode, owner, unless, steps }: Plan): string =>
  `${mode} ${owner} · ${String(steps.length)} steps${unless === undefined ? '' : `, unless ${conditionText(unless)}`}`

const conditionText = ({ image }: Unless): string => `${image} is here and unpacked`

const line = ({ act, undo, why }: Planned, width: number, undoWidth: number): string =>
  `  ${symbolOf(act)} ${act._tag.padEnd(TAG_WIDTH)} ${textOf(act).padEnd(width)}  ↩ ${undoText(undo).padEnd(undoWidth)}  ${why}`

const undoText = (undo: Undo): string => (undo._tag === 'Keep' ? `(kept: ${undo.because})` : undo._tag)
