import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { isLonger } from '../domain/bytes'
import { ARGUMENT_BYTES, ARGUMENTS, VARIABLES } from '../domain/ceilings'
import { DocumentPath, inImage } from '../domain/DocumentPath'
import { deepest, Issue } from '../domain/Issue'
import { listOf } from '../domain/listOf'
import { contextPath } from '../field/contextPath'

/** The five things that an image may say about how it is run, and the platform that it was made for. */
export interface ImageConfig {
  readonly architecture: string
  readonly env: ReadonlyArray<string>
  readonly user: string
  readonly cwd: string
  readonly entrypoint: ReadonlyArray<string>
  readonly cmd: ReadonlyArray<string>
  readonly stopSignal: string
}

export const empty: ImageConfig = {
  architecture: '',
  env: [],
  user: '',
  cwd: '',
  entrypoint: [],
  cmd: [],
  stopSignal: ''
}

/** Stands for an image of which nothing is known: its program is named, not known. */
export const placeholder: ImageConfig = {
  ...empty,
  entrypoint: ['${image.config.Entrypoint}'],
  cmd: ['${image.config.Cmd}']
}

const nullable = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.NullC, t.UndefinedC]> =>
  t.union([codec, t.null, t.undefined])

const text = nullable(t.string)

// Go reads a null in a list of texts as an empty text.
const isItem = (value: unknown): value is string | null => typeof value === 'string' || value === null
const item = new t.Type<string | null, unknown>(
  'string', isItem, (value, context) => (isItem(value) ? t.success(value) : t.failure(value, context)), t.identity
)

const textList = nullable(listOf(item))

// Docker reads one text as a list of it (strslice.UnmarshalJSON): images of its first years have it so.
const command = nullable(t.union([t.string, listOf(item)]))

const document = t.partial({
  architecture: text,
  config: nullable(
    t.partial({ Env: textList, User: text, WorkingDir: text, Entrypoint: command, Cmd: command, StopSignal: text })
  )
})

/**
 * Reads an OCI or Docker image config (`skopeo inspect --config`; image-spec config.md). Everything else that the
 * document says (labels, volumes, ports, history) is dropped here, so nothing behind this line can use it. What is odd
 * in a part is judged where the part is used: a job may say something else.
 */
export const decode = (value: unknown): E.Either<ReadonlyArray<Issue>, ImageConfig> => {
  const outcome = document.decode(value)
  if (E.isLeft(outcome)) return E.left(deepest(outcome.left.map(toIssue)))
  const { architecture, config } = outcome.right
  const image: ImageConfig = {
    architecture: architecture ?? '',
    env: listed(config?.Env),
    user: config?.User ?? '',
    cwd: config?.WorkingDir ?? '',
    entrypoint: listed(config?.Entrypoint),
    cmd: listed(config?.Cmd),
    stopSignal: config?.StopSignal ?? ''
  }
  const many = tooMany(inImage('config', 'Env'), image.env, VARIABLES)
  return many.length > 0 ? E.left(many) : E.right(image)
}

const listed = (list: string | ReadonlyArray<string | null> | null | undefined): ReadonlyArray<string> => {
  if (typeof list === 'string') return list === '' ? [] : [list]
  return (list ?? []).map((one) => one ?? '')
}

/** What is wrong with the size of what the image runs, as far as it is run. */
export const tooLargeCommand = (
  field: 'Entrypoint' | 'Cmd', list: ReadonlyArray<string>
): ReadonlyArray<Issue> => tooMany(inImage('config', field), list, ARGUMENTS)

const tooMany = (at: DocumentPath, list: ReadonlyArray<string>, most: number): ReadonlyArray<Issue> => {
  if (list.length > most)
    return [Issue('BadValue', at, undefined, `must have at most ${String(most)} items, and has ${String(list.length)}`)]
  return list.some((text) => isLonger(text, ARGUMENT_BYTES))
    ? [Issue('BadValue', at, undefined, `must have no item of more than ${String(ARGUMENT_BYTES)} bytes`)]
    : []
}

const toIssue = ({ context, value }: t.ValidationError): Issue =>
  Issue('WrongType', contextPath('image', context), value, 'is not what an OCI image config has there')

/** The image config as a document that `decode` reads back as the same; what is empty is left out. */
export const encode = ({ architecture, env, user, cwd, entrypoint, cmd, stopSignal }: ImageConfig): unknown => ({
  ...(architecture === '' ? {} : { architecture }),
  config: {
    ...(cmd.length === 0 ? {} : { Cmd: cmd }),
    ...(entrypoint.length === 0 ? {} : { Entrypoint: entrypoint }),
    ...(env.length === 0 ? {} : { Env: env }),
    ...(stopSignal === '' ? {} : { StopSignal: stopSignal }),
    ...(user === '' ? {} : { User: user }),
    ...(cwd === '' ? {} : { WorkingDir: cwd })
  }
})
