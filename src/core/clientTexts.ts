import { cutOff, hidden } from './Asked'
import { DocumentPath, isIn, pathText, placeIn, Step } from './domain/DocumentPath'
import { isRecord } from './domain/isRecord'
import { Issue } from './domain/Issue'
import { Json } from './domain/Json'
import { addressFor, Reference, Unknown, wordFor } from './domain/Unknown'
import * as Request from './resolve/Request'

/** Documents in which every text of a client's is one that its option takes, and what stands for what. */
export interface Settled {
  readonly documents: Request.Documents
  readonly unknowns: ReadonlyArray<Unknown>
  /** Options that are left out because no text stands for theirs. */
  readonly left: ReadonlyArray<Json>
}

/** What may stand for a text of a client's, one after the other: itself, a word, a path, an address, nothing. */
const STAND_INS: ReadonlyArray<(name: string) => string> = [
  (name) => name, wordFor, (name) => `/${wordFor(name)}`, addressFor
]

/**
 * The documents with something in the place of every text that only a client can expand: the first of all that may
 * stand there of which nothing is wrong. `issuesOf` says what is wrong with documents. What fits nowhere (a number, one
 * of several words) is left out.
 */
export const settled = (
  { unknown = [], ...documents }: Request.JobDocuments,
  issuesOf: (documents: Request.Documents) => ReadonlyArray<Issue>
): Settled =>
  unknown.length === 0
    ? { documents, unknowns: [], left: [] }
    : tried({ documents, unknown, issuesOf }, new Map(unknown.map(({ at }) => [pathText(at), { at, standIn: 0 }])))

interface Job {
  readonly documents: Request.Documents
  readonly unknown: ReadonlyArray<Reference>
  readonly issuesOf: (documents: Request.Documents) => ReadonlyArray<Issue>
}

/** Which of the stand-ins is tried at a place, by the place's text. */
type Choices = ReadonlyMap<string, { readonly at: DocumentPath; readonly standIn: number }>

const tried = (job: Job, choices: Choices): Settled => {
  const drawn = drawnWith(job, choices)
  const wrong = job.issuesOf(drawn.documents)
  const next = new Map(
    Array.from(choices, ([key, { at, standIn }]) => {
      const fails = standIn < STAND_INS.length && wrong.some((issue) => isAbout(issue.at, at))
      return [key, { at, standIn: fails ? standIn + 1 : standIn }]
    })
  )
  return Array.from(choices).every(([key, { standIn }]) => next.get(key)?.standIn === standIn)
    ? drawn
    : tried(job, next)
}

const isAbout = (issue: DocumentPath, at: DocumentPath): boolean =>
  isIn(at, issue) || (issue.path.length > 0 && isIn(issue, at))

const drawnWith = ({ documents, unknown }: Job, choices: Choices): Settled =>
  // From behind: what is left out of a list moves what comes after it.
  Array.from(choices).toReversed().reduce<Settled>(
    (all, [key, { at, standIn: choice }]) => {
      const names = unknown.filter((one) => pathText(one.at) === key).map(({ name }) => name)
      const standIn = STAND_INS[choice]
      return standIn === undefined ? leftOut(all, at) : written(all, at, names, standIn)
    },
    { documents, unknowns: [], left: [] }
  )

const written = (
  all: Settled, at: DocumentPath, names: ReadonlyArray<string>, standIn: (name: string) => string
): Settled => ({
  ...all,
  documents: withRoot(all.documents, at, (value) =>
    names.reduce((text, name) => text.replaceAll(name, standIn(name)), value)),
  unknowns: [...all.unknowns, ...names.map((name) => ({ at, name, token: standIn(name), known: knownOf(name) }))]
})

const knownOf = (name: string): string => `${name} is known only on a Nomad client`

/** A document that a job comes to: the operator's says nothing that only a client can expand. */
const isOfJob = (document: string): document is 'task' | 'allocation' =>
  document === 'task' || document === 'allocation'

const leftOut = (all: Settled, at: DocumentPath): Settled => {
  const { document: root, path } = at
  const cut = isOfJob(root) ? cutOff(all.documents[root], path) : undefined
  if (cut === undefined) return all
  return {
    ...all,
    documents: { ...all.documents, [root]: cut.rest },
    left: [...all.left, { option: pathText(placeIn(root, ...cut.path)), value: hidden(path, cut.value) }]
  }
}

const withRoot = (
  documents: Request.Documents, { document: root, path }: DocumentPath, change: (text: string) => string
): Request.Documents =>
  isOfJob(root) ? { ...documents, [root]: changed(documents[root], path, change) } : documents

const changed = (value: unknown, steps: ReadonlyArray<Step>, change: (text: string) => string): unknown => {
  const [step, ...more] = steps
  if (step === undefined) return typeof value === 'string' ? change(value) : value
  if (Array.isArray(value))
    return value.map((item: unknown, index): unknown => (index === step ? changed(item, more, change) : item))
  const name = String(step)
  return isRecord(value) && Object.hasOwn(value, name)
    ? { ...value, [name]: changed(value[name], more, change) }
    : value
}
