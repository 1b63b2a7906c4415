import { Compiled, HostThing } from '../compile/Compiled'
import { digestOf } from '../domain/digest'
import { FileText } from './FileText'
import { StepId } from './Output'
import { Planned, step } from './Plan'

/** The last look before root uses what a task can write. */
export const inspectPaths = (container: string, { below, paths, streams }: Compiled['inspection']): Planned =>
  step({ _tag: 'InspectPaths', container, below, paths, streams }, looked(below, paths))

/** The last look before the first process runs. Another runtime's container may have its mounts in a virtual machine. */
export const inspectMounts = (
  { id, runtime }: Compiled['container'],
  { targets: places, pins }: Compiled['inspection']
): ReadonlyArray<Planned> => {
  const all = [...new Set([...places, ...Object.keys(pins)])]
  return all.length === 0 || runtime.options._tag !== 'Runc'
    ? []
    : [
        step(
          { _tag: 'InspectMounts', container: id, places, pins },
          `mounted at ${all.join(', ')}: what is meant, and nowhere else`
        )
      ]
}

const looked = (below: string, paths: ReadonlyArray<string>): string =>
  `no link is at ${paths.map((path) => path.slice(below.length + 1)).join(', ')}; output goes to named pipes of root's`

/** What has to be on the host for a mount. `network` is the step that answers what a file tells of it. */
export const hostThing = (network: StepId | undefined) => (thing: HostThing): Planned => {
  switch (thing._tag) {
    case 'Directory':
      return step({ _tag: 'MakeDirectory', path: thing.path }, thing.because)
    case 'File':
      return step(
        { _tag: 'WriteFile', path: thing.path, text: fileTextOf(thing, network) },
        thing.because
      )
    case 'Pin': {
      const { path, source, kind, recursive, because } = thing
      return step({ _tag: 'PinSource', path, source, kind, recursive }, because)
    }
  }
}

const fileTextOf = (
  { text, from: source }: Extract<HostThing, { readonly _tag: 'File' }>, network: StepId | undefined
): FileText =>
  source === undefined || network === undefined
    ? { _tag: 'Known', digest: digestOf(text) }
    : { _tag: 'WithOutput', from: network, template: digestOf(text) }
