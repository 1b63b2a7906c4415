import * as E from 'fp-ts/Either'

import { USUAL_PLUGIN } from '../../core/job/ours'
import { parseJson } from '../../core/share/parseJson'
import { documentsIn, isEarlierDocument } from './documents'
import { fixture } from './fixture'
import { Input } from './Input'
import { jobTasks, Operator } from './job'
import { Loaded, LoadOptions, Opened } from './Loaded'
import { isJson, parseAll, Parsed, Text } from './parseAll'
import { optionsOf } from './pluginDocument'
import { reachOf } from './reachOf'
import { Surroundings, surroundings } from './Surroundings'
import { Unreadable, unreadable } from './Unreadable'

/** What became of each input. */
export type Results = ReadonlyArray<E.Either<Unreadable, Opened>>

/**
 * Opens inputs of every kind, all HCL of them in one instance of the parser. Left is what is wrong with what surrounds
 * them all.
 */
export const load = async (inputs: ReadonlyArray<Input>, options: LoadOptions): Promise<E.Either<string, Results>> => {
  const around = surroundings(options)
  if (E.isLeft(around)) return around
  const { plugin, variables } = around.right
  const finished = new Map(inputs.map((input) => [input, finishedOf(input)]))
  const texts = inputs.flatMap((input) => 
    finished.get(input) === undefined ? textOf(input, options.filesBelow ?? []) : []
  )
  const parsed = await parseAll([...(plugin === undefined ? [] : [plugin]), ...texts], variables)
  const operator = operatorOf(plugin, plugin === undefined ? undefined : parsed[0])
  if (E.isLeft(operator)) return E.left(operator.left.text)
  const read = new Map(texts.map((text, index) => [text.input, parsed[plugin === undefined ? index : index + 1]]))
  return E.right(
    inputs.map((input) => finished.get(input) ?? opened(input, options, around.right, operator.right, read.get(input)))
  )
}

// What every finished document has somewhere: nothing else is parsed for a second time.
const MAY_BE_FINISHED = /"(?:ociVersion|issues)"/

const EARLIER =
  'is a document of an earlier version, which has not all that is compared; make it anew with `compile --full`, a golden with `golden update`'

const textOf = (input: Input, below: ReadonlyArray<string>): ReadonlyArray<Text & { readonly input: Input }> =>
  input._tag === 'Text' && E.isRight(input.text)
    ? [{ kind: 'job', file: input.file, text: input.text.right, input, ...reachIn(input, below) }]
    : []

type TextInput = Extract<Input, { readonly _tag: 'Text' }>

const reachIn = ({ origin }: TextInput, below: ReadonlyArray<string>): Pick<Text, 'reach'> => {
  const reach = reachOf(origin.tree, origin.path, below)
  return reach === undefined ? {} : { reach }
}

/**
 * An input that is a finished document, or that cannot be read; undefined when it has to be parsed as a job, or is a
 * directory.
 */
const finishedOf = (input: Input): E.Either<Unreadable, Opened> | undefined => {
  if (input._tag === 'Directory') return undefined
  if (E.isLeft(input.text)) return E.left(unreadable(input.file, input.text.left))
  if (!isJson(input.text.right) || !MAY_BE_FINISHED.test(input.text.right)) return undefined
  const value = parseJson(input.text.right)
  if (E.isRight(value) && isEarlierDocument(value.right)) return E.left(unreadable(input.file, EARLIER))
  const documents = E.isRight(value) ? documentsIn(value.right) : undefined
  return documents === undefined ? undefined : E.right({ _tag: 'Documents', file: input.file, documents })
}

const opened = (
  input: Input,
  options: LoadOptions,
  around: Surroundings,
  operator: Operator,
  parsed: E.Either<Unreadable, Parsed> | undefined
): E.Either<Unreadable, Opened> => {
  if (input._tag === 'Directory') {
    const made = fixture(
      input.file,
      input.files,
      options,
      around,
      options.plugin === undefined ? undefined : operator.document
    )
    return E.bimap(
      (text: string) => unreadable(input.file, text),
      (task: Loaded): Opened => ({ _tag: 'Tasks', file: input.file, tasks: [task], elsewhere: {}, notices: [] })
    )(made)
  }
  if (parsed === undefined) return E.left(unreadable(input.file, 'the parser gave no answer'))
  return E.chain((one: Parsed) => jobTasks(input.file, one, options.task, around, operator))(parsed)
}

const operatorOf = (
  plugin: Text | undefined,
  parsed: E.Either<Unreadable, Parsed> | undefined
): E.Either<Unreadable, Operator> => {
  if (plugin === undefined || parsed === undefined) return E.right({ document: USUAL_PLUGIN, placeOf: () => undefined })
  return E.chain(({ value, placeOf }: Parsed) =>
    E.map((document: unknown): Operator => ({
      document,
      placeOf: (at) => {
        const [line, column] = placeOf('plugin', at) ?? []
        return { file: plugin.file, ...(line === undefined || column === undefined ? {} : { line, column }) }
      }
    }))(E.mapLeft((text: string) => unreadable(plugin.file, text))(optionsOf(plugin.file, value)))
  )(parsed)
}

