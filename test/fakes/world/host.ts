import * as E from 'fp-ts/Either'

import { digestOf } from '../../../src/core/domain/digest'
import { isWithin } from '../../../src/core/domain/path'
import { digestIn, written } from '../../../src/core/plan/FileText'
import { Performing } from '../../../src/effects/ports/Machine'
import { Act, done, Outcome, wrong } from './Outcome'
import { State, taskOf } from './State'

export const writeFile = (state: State, { path, text }: Act<'WriteFile'>, { owner, materials, outputs }: Performing): Outcome => {
  const texts = materials.compiled?.mounts.flatMap((one) => (one._tag === 'File' ? [one.text] : [])) ?? []
  const material = texts.find((one) => digestOf(one) === digestIn(text))
  if (material === undefined) return wrong('Invalid', `write ${path}`, 'the plan was run without what it was compiled from')
  const whole = written(text, material, outputs)
  if (E.isLeft(whole)) return wrong('Invalid', `write ${path}`, whole.left)
  state.files.set(path, { owner, text: whole.right })
  return done
}

/** Where a link leads from a path, or from a directory above it. */
const linkOn = ({ links }: State, path: string): string | undefined => [...links].find((link) => isWithin(link, path))

export const pinSource = (state: State, { path, source, kind, recursive }: Act<'PinSource'>, { owner }: Performing): Outcome => {
  const link = linkOn(state, source)
  if (link !== undefined) return wrong('Denied', `pin ${source}`, `${link} is a link`)
  state.pins.set(path, { owner, source, kind, recursive })
  return done
}

export const inspectPaths = (state: State, { container, below, paths, streams }: Act<'InspectPaths'>): Outcome => {
  const doing = `look at the directories of ${container}`
  const isLed = (path: string): boolean => state.links.has(path) || (isWithin(below, path) && isWithin(below, linkOn(state, path) ?? '/'))
  const link = [...paths, ...streams].find(isLed)
  if (link !== undefined) return wrong('Denied', doing, `${link} is a link`)
  const missing = streams.find((path) => path !== '/dev/null' && !state.pipes.has(path))
  return missing === undefined ? done : wrong('NotFound', doing, `${missing} is not there`)
}

export const inspectMounts = (state: State, { container, places, pins }: Act<'InspectMounts'>): Outcome => {
  const doing = `look at the mounts of ${container}`
  if (taskOf(state, container) === undefined) return wrong('Unknown', doing, 'it has no process')
  const link = places.find((place) => linkOn(state, place) !== undefined)
  if (link !== undefined) return wrong('Denied', doing, `nothing is mounted at ${link}`)
  const missing = Object.entries(pins).find(([, pin]) => !state.pins.has(pin))
  return missing === undefined ? done : wrong('Denied', doing, `what is mounted at ${missing[0]} is not what was pinned`)
}
