import { join } from 'node:path'

import * as E from 'fp-ts/Either'

import { Facts, merge, none } from '../../core/facts/Facts'
import * as factsFile from '../../core/facts/factsFile'
import * as ImageConfig from '../../core/image/ImageConfig'
import { Files } from './Files'
import { Loaded, LoadOptions } from './Loaded'
import { readJson } from './readJson'
import { factsFor, lines, Surroundings, told } from './Surroundings'

/**
 * The task of a fixture directory: `task.json`, `plugin.json`, `allocation.json`, `facts.json`, all of them from
 * `files`. A `plugin` stands for the directory's own, as `--facts` does; what a lock says comes after the directory's
 * facts.
 */
export const fixture = (
  dir: string,
  files: Files,
  options: LoadOptions,
  around: Surroundings,
  plugin: unknown
): E.Either<string, Loaded> => {
  const file = (name: string): string => join(dir, name)
  const refusal = refusalOf(dir, files, options)
  if (refusal !== undefined) return E.left(refusal)
  const documents = [
    readJson(files, file('task.json')),
    plugin === undefined ? readJson(files, file('plugin.json')) : E.right(plugin),
    readJson(files, file('allocation.json'))
  ]
  const facts = options.facts === undefined ? ownFacts(files, file('facts.json')) : E.right(none)
  const wrong = [...documents, facts].flatMap((one) => (E.isLeft(one) ? [one.left] : []))
  if (E.isLeft(facts) || wrong.length > 0) return E.left(lines(wrong))
  const [task, operator, allocation] = documents.map((one) => (E.isRight(one) ? one.right : undefined))
  const known = merge(factsFor(around, task), facts.right)
  return E.right({
    file: files.label(dir),
    task: '',
    offline: { documents: { task, plugin: operator, allocation }, facts: known, image: ImageConfig.empty },
    notices: [],
    placeOf: (at) => ({ file: files.label(file(`${documentOf(at.document)}.json`)) })
  })
}

/** The file of a document; what stands in none of them is told at the task's. */
const documentOf = (name: string): string => (['plugin', 'allocation'].includes(name) ? name : 'task')

const refusalOf = (dir: string, files: Files, { task, imageConfig }: LoadOptions): string | undefined => {
  if (task !== undefined) return '--task: is for jobs; a fixture directory holds one task\n'
  if (imageConfig !== undefined)
    return "--image-config: is for jobs; a fixture directory's facts.json holds the image\n"
  return files.exists(join(dir, 'task.json'))
    ? undefined
    : `${files.label(dir)}: is a directory and no fixture: it has no task.json, and no job below it\n`
}

// Of a mistake in the directory, the directory's name is told.
const ownFacts = (files: Files, file: string): E.Either<string, Facts> =>
  files.exists(file) ? E.chain((value: unknown) => told(factsFile.decode(value)))(readJson(files, file)) : E.right(none)
