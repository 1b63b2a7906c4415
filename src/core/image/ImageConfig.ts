import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { isLonger } from '../domain/bytes'
import { ARGUMENT_BYTES, ARGUMENTS, TEXT_BYTES, tooLong, VARIABLES } from '../domain/ceilings'
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

const textList = nullable(listOf(t.string))
const text = nullable(t.string)

const document = t.partial({
  architecture: text,
  config: nullable(
    t.partial({ Env: textList, User: text, WorkingDir: text, Entrypoint: textList, Cmd: textList, StopSignal: text })
  )
})

/**
 * Reads an OCI or Docker image config (`skopeo inspect --config`; image-spec config.md). Everything else that the
 * document says (labels, volumes, ports, history) is dropped here, so nothing behind this line can use it.
 */
export const decode = (value: unknown): E.Either<ReadonlyArray<Issue>, ImageConfig> => {
  const outcome = document.decode(value)
  if (E.isLeft(outcome)) return E.left(deepest(outcome.left.map(toIssue)))
  const { architecture, config } = outcome.right
  const image: ImageConfig = {
    architecture: architecture ?? '',
    env: config?.Env ?? [],
    user: config?.User ?? '',
    cwd: config?.WorkingDir ?? '',
    entrypoint: config?.Entrypoint ?? [],
    cmd: config?.Cmd ?? [],
    stopSignal: config?.StopSignal ?? ''
  }
  const large = tooLarge(image)
  return large.length > 0 ? E.left(large) : E.right(image)
}

/** What an image says at greater length than any image has to. */
const tooLarge = ({ architecture, env, user, cwd, entrypoint, cmd, stopSignal }: ImageConfig): ReadonlyArray<Issue> => [
  ...Object.entries({ Env: env, Entrypoint: entrypoint, Cmd: cmd }).flatMap(([field, list]) =>
    tooMany(inImage('config', field), list, field === 'Env' ? VARIABLES : ARGUMENTS)
  ),
  ...tooLongText(inImage('config', 'User'), user),
  ...tooLongText(inImage('config', 'StopSignal'), stopSignal),
  ...tooLongText(inImage('architecture'), architecture),
  ...wrongPath(cwd)
]

const tooLongText = (at: DocumentPath, text: string): ReadonlyArray<Issue> =>
  isLonger(text, TEXT_BYTES) ? [Issue('BadValue', at, text, `must be at most ${String(TEXT_BYTES)} bytes long`)] : []

const tooMany = (at: DocumentPath, list: ReadonlyArray<string>, most: number): ReadonlyArray<Issue> => {
  if (list.length > most)
    return [Issue('BadValue', at, undefined, `must have at most ${String(most)} items, and has ${String(list.length)}`)]
  return list.some((text) => isLonger(text, ARGUMENT_BYTES))
    ? [Issue('BadValue', at, undefined, `must have no item of more than ${String(ARGUMENT_BYTES)} bytes`)]
    : []
}

const wrongPath = (cwd: string): ReadonlyArray<Issue> => {
  const wrong = tooLong(cwd)
  return wrong === undefined
    ? []
    : [Issue('BadValue', inImage('config', 'WorkingDir'), cwd, wrong, 'the image has to be built with another one')]
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
