import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'

import * as E from 'fp-ts/Either'

import * as ImageConfig from '../core/decode/ImageConfig'
import { Issue } from '../core/domain/Issue'
import { Notice } from '../core/domain/Notice'
import * as Job from '../core/job/Job'
import { toDocuments } from '../core/job/toDocuments'
import { issues as explainIssues } from '../core/report/explain'
import * as Facts from '../core/resolve/Facts'
import * as factsFile from '../core/resolve/factsFile'
import { Case, CaseOptions } from './Case'
import { choosePlace } from './choosePlace'
import { pluginDocument } from './pluginDocument'
import { readHclOrJson, readJson } from './readDocument'

/** Left is the text for stderr. */
type Read<A> = E.Either<string, A>

const isDirectory = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false

/** Reads a fixture directory or a Nomad job. */
export const readCase = async (input: string, options: CaseOptions): Promise<Read<Case>> =>
  isDirectory(input) ? directoryCase(input, options) : jobCase(input, options)

const directoryCase = (dir: string, options: CaseOptions): Read<Case> => {
  if (options.task !== undefined) return E.left(`--task: ${dir} is a fixture directory and holds one task\n`)
  if (options.imageConfig !== undefined) return E.left(`--image-config: ${dir} is a fixture directory; its facts.json holds the image\n`)
  const file = (name: string): string => join(dir, name)
  const has = (name: string): boolean => existsSync(file(name))
  const task = readJson(file('task.json'))
  const plugin = readJson(options.plugin ?? file('plugin.json'))
  const allocation = readJson(file('allocation.json'))
  const facts = readFacts(options.facts ?? (has('facts.json') ? file('facts.json') : undefined))
  const wrong = [task, plugin, allocation, facts].flatMap((one) => (E.isLeft(one) ? [one.left] : []))
  if (E.isLeft(task) || E.isLeft(plugin) || E.isLeft(allocation) || E.isLeft(facts)) return E.left(lines(wrong))
  return E.right({
    documents: { task: task.right, plugin: plugin.right, allocation: allocation.right },
    facts: facts.right,
    image: ImageConfig.empty,
    notices: []
  })
}

const jobCase = async (file: string, options: CaseOptions): Promise<Read<Case>> => {
  const [document, plugin] = await Promise.all([readHclOrJson(file, 'job'), pluginDocument(options.plugin)])
  const facts = readFacts(options.facts)
  const image = readImage(options)
  const wrong = [document, plugin, facts, image].flatMap((one) => (E.isLeft(one) ? [one.left] : []))
  if (E.isLeft(document) || E.isLeft(plugin) || E.isLeft(facts) || E.isLeft(image)) return E.left(lines(wrong))
  const place = E.chain((job: Job.Job) => choosePlace(job, options.task))(spoken(Job.decode(document.right)))
  if (E.isLeft(place)) return place
  const made = toDocuments(place.right.place)
  return E.right({
    documents: { ...made.documents, plugin: plugin.right },
    facts: facts.right,
    image: image.right.config,
    notices: [...place.right.notices, ...image.right.notices, ...made.notices]
  })
}

const lines = (texts: ReadonlyArray<string>): string => texts.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('')

const spoken = <A>(outcome: E.Either<ReadonlyArray<Issue>, A>): Read<A> => E.mapLeft(explainIssues)(outcome)

const readFacts = (file: string | undefined): Read<Facts.Facts> =>
  file === undefined ? E.right(Facts.none) : E.chain((value: unknown) => spoken(factsFile.decode(value)))(readJson(file))

interface Image {
  readonly config: ImageConfig.ImageConfig
  readonly notices: ReadonlyArray<Notice>
}

const UNKNOWN_IMAGE = Notice('image', 'its config is not known (--image-config FILE): user, entrypoint and environment of the image are taken as empty')

const readImage = ({ imageConfig, facts }: CaseOptions): Read<Image> =>
  imageConfig === undefined
    ? E.right({ config: ImageConfig.empty, notices: facts === undefined ? [UNKNOWN_IMAGE] : [] })
    : E.map((config: ImageConfig.ImageConfig): Image => ({ config, notices: [] }))(
        E.chain((value: unknown) => spoken(ImageConfig.decode(value)))(readJson(imageConfig))
      )
