import { DocumentPath, inImage, isSame, placeIn, under } from '../domain/DocumentPath'
import { isRecord } from '../domain/isRecord'
import { ImageConfig } from '../image/ImageConfig'
import { Offline } from '../offline'

/** A case without one thing that it was given, and the path of that thing. */
export interface Without {
  readonly at: DocumentPath
  readonly rest: Offline
}

/** Above so many, the items of a list or map are left out together. */
const MOST_ITEMS = 500

/** The case without each option that it gives, one at a time: the items of lists and maps each, all else as a whole. */
export const withouts = (given: Offline): ReadonlyArray<Without> => {
  const { task, plugin, allocation } = given.documents
  const of = (name: 'task' | 'plugin' | 'allocation', document: unknown): ReadonlyArray<Without> =>
    removals(placeIn(name), document).map(([at, rest]) => ({
      at,
      rest: { ...given, documents: { ...given.documents, [name]: rest } }
    }))
  return [...of('task', task), ...of('plugin', plugin), ...of('allocation', allocation), ...withoutImage(given)]
}

/** The case without some options of the task and the operator. */
export const withoutAll = (given: Offline, options: ReadonlyArray<DocumentPath>): Offline => {
  const isLeft = (option: DocumentPath): boolean => options.some((one) => isSame(one, option))
  const rest = (of: 'task' | 'plugin', document: unknown): unknown =>
    isRecord(document)
      ? Object.fromEntries(Object.entries(document).filter(([name]) => !isLeft(placeIn(of, name))))
      : document
  return {
    ...given,
    documents: {
      ...given.documents,
      task: rest('task', given.documents.task),
      plugin: rest('plugin', given.documents.plugin)
    }
  }
}

type Removal = readonly [DocumentPath, unknown]

const removals = (at: DocumentPath, document: unknown): ReadonlyArray<Removal> =>
  isRecord(document)
    ? Object.entries(document).flatMap(([name, value]): ReadonlyArray<Removal> =>
        parts(under(at, name), value).map(([path, rest]): Removal => [path, replaced(document, name, rest)]))
    : []

const parts = (at: DocumentPath, value: unknown): ReadonlyArray<Removal> => {
  if (Array.isArray(value) && value.length > 0 && value.length <= MOST_ITEMS) {
    return value.map((_, index): Removal => [under(at, index), value.toSpliced(index, 1)])
  }
  if (isRecord(value) && Object.keys(value).length > 0 && Object.keys(value).length <= MOST_ITEMS) {
    return Object.keys(value).map((name): Removal => [under(at, name), replaced(value, name, undefined)])
  }
  return [[at, undefined]]
}

const replaced = (record: Readonly<Record<string, unknown>>, name: string, value: unknown): unknown =>
  Object.fromEntries(
    Object.entries(record).flatMap(([key, item]) => {
      if (key !== name) return [[key, item]]
      return value === undefined ? [] : [[key, value]]
    }
    )
  )

/** What an image says of how it is run, and what stands for each when it says nothing. */
const SAID = {
  Entrypoint: { entrypoint: [] },
  Cmd: { cmd: [] },
  Env: { env: [] },
  WorkingDir: { cwd: '' },
  User: { user: '' },
  StopSignal: { stopSignal: '' }
} as const satisfies Readonly<Record<string, Partial<ImageConfig>>>

const withoutImage = ({ image, facts, ...given }: Offline): ReadonlyArray<Without> =>
  Object.entries(SAID).map(([name, nothing]) => ({
    at: inImage('config', name),
    rest: {
      ...given,
      image: { ...image, ...nothing },
      facts: {
        ...facts,
        images: Object.fromEntries(
          Object.entries(facts.images).map(([key, one]) => [key, { ...one, config: { ...one.config, ...nothing } }])
        )
      }
    }
  }))
