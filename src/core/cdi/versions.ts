import { CdiDocument, DeviceDocument, EditsDocument } from './CdiDocument'
import { Mistake } from './Mistake'

const VERSIONS = ['0.3.0', '0.4.0', '0.5.0', '0.6.0', '0.7.0', '0.8.0', '1.0.0', '1.1.0'] as const

type Version = (typeof VERSIONS)[number]

interface Novelty {
  readonly since: Version
  readonly what: string
  readonly isUsed: (document: CdiDocument) => boolean
}

const isFilled = (list: ReadonlyArray<unknown> | undefined): boolean => list !== undefined && list.length > 0

const inEdits = (since: Version, what: string, isUsed: (edits: EditsDocument) => boolean): Novelty => ({
  since,
  what,
  isUsed: (document) =>
    [document, ...document.devices].some(({ containerEdits }) => containerEdits !== undefined && isUsed(containerEdits))
})

const inDevices = (since: Version, what: string, isUsed: (device: DeviceDocument) => boolean): Novelty =>
  ({ since, what, isUsed: (document) => document.devices.some(isUsed) })

// CDI SPEC.md, "Released versions"; the newest first.
const NOVELTIES: ReadonlyArray<Novelty> = [
  inEdits('1.1.0', 'netDevices', ({ netDevices }) => isFilled(netDevices)),
  inEdits('1.1.0', 'intelRdt.schemata', ({ intelRdt }) => (intelRdt?.['schemata'] ?? undefined) !== undefined),
  inEdits('1.1.0', 'intelRdt.enableMonitoring', ({ intelRdt }) => intelRdt?.['enableMonitoring'] === true),
  inEdits('0.7.0', 'intelRdt', ({ intelRdt }) => intelRdt !== undefined),
  inEdits('0.7.0', 'additionalGids', ({ additionalGids }) => isFilled(additionalGids)),
  {
    since: '0.6.0',
    what: 'annotations',
    isUsed: (document) =>
      [document, ...document.devices].some(({ annotations }) => isFilled(Object.keys(annotations ?? {})))
  },
  { since: '0.6.0', what: 'a class with a dot', isUsed: ({ kind }) => kind.split('/')[1]?.includes('.') === true },
  inDevices('0.5.0', 'a device name that starts with a digit', ({ name }) => /^\d/.test(name)),
  inEdits('0.5.0', 'hostPath of a device node', ({ deviceNodes = [] }) =>
    deviceNodes.some(({ hostPath = '' }) => hostPath !== '')
  ),
  inEdits('0.4.0', 'type of a mount', ({ mounts = [] }) => mounts.some(({ type = '' }) => type !== ''))
]

/**
 * What is wrong with a document's `cdiVersion`: nobody knows it, or it is older than something that the document uses.
 */
export const versionMistakes = (document: CdiDocument, file: string): ReadonlyArray<Mistake> => {
  const rank = rankOf(document.cdiVersion)
  const at = `${file} cdiVersion`
  if (rank < 0) return [{ at, reason: `must be one of ${VERSIONS.join(', ')}` }]
  const newest = NOVELTIES.find(({ since, isUsed }) => rankOf(since) > rank && isUsed(document))
  return newest === undefined
    ? []
    : [{ at, reason: `must be ${newest.since} or later, because the file uses ${newest.what}` }]
}

// The reference implementation takes `v0.6.0` for 0.6.0.
const rankOf = (version: string): number => VERSIONS.findIndex((known) => known === version.replace(/^v/, ''))
