import { stepsText } from './keyPath'

/** A step of a path: a name, or the number of an item. */
export type Step = string | number

/**
 * A place in a document: `mounts`, 0, `target` of `task`. Documents are `task`, `plugin`, `allocation`, `image`,
 * `facts`, `lock` and `job`; the parts of a job under the words of its file have none.
 */
export interface DocumentPath {
  readonly document: string
  readonly path: ReadonlyArray<Step>
  /** The place in the file that the option names: `syscalls[0].action`. */
  readonly inFile?: string
}

export const placeIn = (document: string, ...path: ReadonlyArray<Step>): DocumentPath => ({ document, path })

export const inTask = (...path: ReadonlyArray<Step>): DocumentPath => placeIn('task', ...path)

export const inPlugin = (...path: ReadonlyArray<Step>): DocumentPath => placeIn('plugin', ...path)

export const inAllocation = (...path: ReadonlyArray<Step>): DocumentPath => placeIn('allocation', ...path)

/** A place in the config of the image, which has `config` beside other parts. */
export const inImage = (...path: ReadonlyArray<Step>): DocumentPath => placeIn('image', ...path)

/** A part of a job as its file calls it: `network`, `resources.memory`. */
export const inJobFile = (...path: ReadonlyArray<Step>): DocumentPath => placeIn('', ...path)

/** A place below another one. */
export const under = ({ document, path }: DocumentPath, ...more: ReadonlyArray<Step>): DocumentPath =>
  placeIn(document, ...path, ...more)

/** Whether a place is another, or lies in it. */
export const isIn = (outer: DocumentPath, inner: DocumentPath): boolean =>
  outer.document === inner.document && outer.path.every((step, index) => step === inner.path[index])

export const isSame = (one: DocumentPath, other: DocumentPath): boolean =>
  one === other
  || (isIn(one, other) && one.path.length === other.path.length && one.inFile === other.inFile)

const MOST_LETTERS = 400

/** How a place is told to people: `task.mounts[0].target`, cut after 400 letters. Stored documents have this text. */
export const pathText = ({ document, path, inFile }: DocumentPath): string => {
  const option = stepsText(document, path)
  const text = inFile === undefined ? option : `${option}:${inFile}`
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text
}

const DOCUMENTS: ReadonlyArray<Step> = ['task', 'plugin', 'allocation', 'image', 'facts', 'lock', 'job']

/** The place that a stored document tells by such a text; a name that has dots itself comes as several. */
export const readPath = (text: string): DocumentPath => {
  const steps = Array.from(text.matchAll(/\[(\d+)\]|([^.[\]]+)/g), ([, index, name]): Step =>
    index === undefined ? (name ?? '') : Number(index))
  const [first = '', ...path] = steps
  return DOCUMENTS.includes(first) ? { document: String(first), path } : inJobFile(...steps)
}
