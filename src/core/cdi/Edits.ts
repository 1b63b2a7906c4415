import { Hook, Hooks } from '../domain/Oci'
import { clean } from '../domain/path'
import { STAGES } from './CdiDocument'
import { CdiDevice, CdiMount, ContainerEdits } from './CdiSpec'

/** What a container gets for the CDI devices that it asked for. */
export interface Edits {
  readonly env: ReadonlyArray<string>
  readonly devices: ReadonlyArray<CdiDevice>
  readonly mounts: ReadonlyArray<CdiMount>
  readonly hooks: Hooks
  readonly additionalGids: ReadonlyArray<number>
}

/** What a container gets that asks for no CDI device. */
export const NO_EDITS: Edits = { env: [], devices: [], mounts: [], hooks: {}, additionalGids: [] }

/**
 * Edits one after another, as the CDI reference implementation applies them: a later variable replaces an earlier one
 * in its
 * place, a later device or mount takes the path of an earlier one, and mounts are in the order of their depth.
 */
export const merged = (all: ReadonlyArray<ContainerEdits>): Edits => ({
  env: [...new Map(all.flatMap(({ env }) => env).map((one) => [one.slice(0, one.indexOf('=')), one])).values()],
  devices: lastOfEach(all.flatMap(({ devices }) => devices), ({ path }) => clean(path)),
  mounts: byDepth(lastOfEach(all.flatMap(({ mounts }) => mounts), ({ destination }) => clean(destination))),
  hooks: hooksOf(all),
  additionalGids: [...new Set(all.flatMap(({ additionalGids }) => additionalGids))]
})

const lastOfEach = <A>(items: ReadonlyArray<A>, keyOf: (item: A) => string): ReadonlyArray<A> => {
  const last = new Map(items.map((item, i) => [keyOf(item), i]))
  return items.filter((item, i) => last.get(keyOf(item)) === i)
}

const byDepth = (mounts: ReadonlyArray<CdiMount>): ReadonlyArray<CdiMount> =>
  [...mounts].sort((a, b) => depthOf(a) - depthOf(b))

const depthOf = ({ destination }: CdiMount): number => clean(destination).split('/').length

const hooksOf = (all: ReadonlyArray<ContainerEdits>): Hooks => {
  const hooks = all.flatMap((edits) => edits.hooks)
  const staged = STAGES.map(
    (stage) => [stage, hooks.filter((one) => one.stage === stage).map(({ hook }) => hook)] as const
  )
  return Object.fromEntries<ReadonlyArray<Hook>>(staged.filter(([, of]) => of.length > 0))
}
