import * as E from 'fp-ts/Either'

import { inImage } from '../../core/domain/DocumentPath'
import { isRecord } from '../../core/domain/isRecord'
import { Issue } from '../../core/domain/Issue'
import * as Facts from '../../core/facts/Facts'
import * as factsFile from '../../core/facts/factsFile'
import * as ImageConfig from '../../core/image/ImageConfig'
import * as Lock from '../../core/lock/Lock'
import { issues as spoken } from '../../core/report/explain'
import { disk, Files } from './Files'
import { inFile } from './inFile'
import { LoadOptions } from './Loaded'
import { Text, Variables } from './parseAll'
import { readJson } from './readJson'
import { readLock } from './readLock'
import { variablesOf } from './variablesOf'

/** What surrounds every job of a command, read once. */
export interface Surroundings {
  readonly facts: Facts.Facts
  readonly lock: Lock.Lock | undefined
  readonly image: ImageConfig.ImageConfig
  readonly variables: Variables
  /** The operator's file, not parsed yet. */
  readonly plugin: Text | undefined
}

/** Left tells everything that cannot be read, a line each. */
export const surroundings = (options: LoadOptions): E.Either<string, Surroundings> => {
  const files = options.files ?? disk
  const facts = readFacts(files, options.facts)
  const image = readImage(files, options.imageConfig)
  const lock = options.lock === undefined ? E.right(undefined) : readLock(files, options.lock)
  const plugin = options.plugin === undefined ? undefined : files.read(options.plugin)
  const variables = variablesOf(options)
  const wrong = [
    ...[facts, image, lock, ...(plugin === undefined ? [] : [plugin])].flatMap((one) =>
      E.isLeft(one) ? [one.left] : []
    ),
    ...(E.isLeft(variables) ? variables.left : [])
  ]
  if (E.isLeft(facts) || E.isLeft(image) || E.isLeft(lock) || E.isLeft(variables) || wrong.length > 0)
    return E.left(lines(wrong))
  const file = files.label(options.plugin ?? '')
  return E.right({
    facts: facts.right,
    image: image.right,
    lock: lock.right,
    variables: variables.right,
    plugin: plugin !== undefined && E.isRight(plugin) ? { kind: 'plugin', file, text: plugin.right } : undefined
  })
}

/** The facts of a task: those of the facts file, and of the lock for the images of its platform. */
export const factsFor = ({ facts, lock }: Surroundings, task: unknown): Facts.Facts => {
  if (lock === undefined) return facts
  const platform = isRecord(task) ? task['platform'] : undefined
  return Facts.merge(Lock.factsOf(lock, typeof platform === 'string' ? platform : ''), facts)
}

/** Texts, a line each. */
export const lines = (texts: ReadonlyArray<string>): string =>
  texts.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('')

/** What a decoder says, as text. */
export const told = <A>(outcome: E.Either<ReadonlyArray<Issue>, A>): E.Either<string, A> => E.mapLeft(spoken)(outcome)

/** The answers of a facts file; none when there is no file. */
export const readFacts = (files: Files, file: string | undefined): E.Either<string, Facts.Facts> =>
  file === undefined ? E.right(Facts.none) : decodedFile(files, file, factsFile.decode)

const readImage = (files: Files, file: string | undefined): E.Either<string, ImageConfig.ImageConfig> =>
  file === undefined
    ? E.right(ImageConfig.placeholder)
    : decodedFile(files, file, (value) => E.chain(() => ImageConfig.decode(value))(isImageConfig(value)))

/** Other JSON files of an image, its manifest above all, would be taken for a config that says nothing. */
const isImageConfig = (value: unknown): E.Either<ReadonlyArray<Issue>, void> =>
  isRecord(value)
  && (('config' in value && 'schemaVersion' in value) || !('config' in value || 'architecture' in value))
    ? E.left([
        Issue(
          'WrongType',
          inImage(),
          undefined,
          'is no OCI image config: it has `config` and `architecture`, as `skopeo inspect --config` prints them'
        )
      ])
    : E.right(undefined)

/** What a decoder makes of a JSON file; Left tells its mistakes, each with the name of the file. */
const decodedFile = <A,>(
  files: Files,
  file: string,
  decode: (value: unknown) => E.Either<ReadonlyArray<Issue>, A>
): E.Either<string, A> =>
  E.chain((value: unknown) => E.mapLeft((text: string) => inFile(files.label(file), text))(told(decode(value))))(
    readJson(files, file)
  )
