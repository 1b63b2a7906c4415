import * as E from 'fp-ts/Either'

import * as ImageConfig from '../../core/decode/ImageConfig'
import { Issue } from '../../core/domain/Issue'
import { Notice } from '../../core/domain/Notice'
import { issues as spoken } from '../../core/report/explain'
import * as Facts from '../../core/resolve/Facts'
import * as factsFile from '../../core/resolve/factsFile'
import { disk, Files } from './Files'
import { LoadOptions } from './Loaded'
import { Text, Variables } from './parseAll'
import { readJson } from './readJson'

/** What surrounds every job of a command, read once. */
export interface Surroundings {
  readonly facts: Facts.Facts
  readonly image: ImageConfig.ImageConfig
  readonly imageNotices: ReadonlyArray<Notice>
  readonly variables: Variables
  /** The operator's file, not parsed yet. */
  readonly plugin: Text | undefined
}

/** Left tells everything that cannot be read, a line each. */
export const surroundings = (options: LoadOptions): E.Either<string, Surroundings> => {
  const files = options.files ?? disk
  const facts = readFacts(files, options.facts)
  const image = readImage(files, options.imageConfig)
  const plugin = options.plugin === undefined ? undefined : files.read(options.plugin)
  const varFiles = (options.varFile ?? []).map((name) => E.map((source: string) => ({ name: files.label(name), source }))(files.read(name)))
  const wrong = [facts, image, ...(plugin === undefined ? [] : [plugin]), ...varFiles].flatMap((one) => (E.isLeft(one) ? [one.left] : []))
  if (E.isLeft(facts) || E.isLeft(image) || wrong.length > 0) return E.left(lines(wrong))
  const file = files.label(options.plugin ?? '')
  return E.right({
    facts: facts.right,
    image: image.right,
    imageNotices: options.imageConfig === undefined && options.facts === undefined && options.lock === undefined ? [UNKNOWN_IMAGE] : [],
    variables: {
      vars: options.var ?? [],
      varFiles: varFiles.flatMap((one) => (E.isRight(one) ? [one.right] : [])),
      envs: Object.entries(process.env).filter(([name]) => name.startsWith('NOMAD_VAR_')).map(([name, value]) => `${name}=${value ?? ''}`)
    },
    plugin: plugin !== undefined && E.isRight(plugin) ? { kind: 'plugin', file, text: plugin.right } : undefined
  })
}

/** Texts, a line each. */
export const lines = (texts: ReadonlyArray<string>): string => texts.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('')

/** What a decoder says, as text. */
export const told = <A>(outcome: E.Either<ReadonlyArray<Issue>, A>): E.Either<string, A> => E.mapLeft(spoken)(outcome)

/** The answers of a facts file; none when there is no file. */
export const readFacts = (files: Files, file: string | undefined): E.Either<string, Facts.Facts> =>
  file === undefined ? E.right(Facts.none) : E.chain((value: unknown) => told(factsFile.decode(value)))(readJson(files, file))

const UNKNOWN_IMAGE = Notice('image', 'its config is not known (--lock, --facts or --image-config FILE): user, entrypoint and environment of the image are taken as empty')

const readImage = (files: Files, file: string | undefined): E.Either<string, ImageConfig.ImageConfig> =>
  file === undefined ? E.right(ImageConfig.empty) : E.chain((value: unknown) => told(ImageConfig.decode(value)))(readJson(files, file))
