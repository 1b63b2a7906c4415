import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { Spec } from '../domain/Oci'

const texts = t.array(t.string)

/** The parts of a spec that are read here; another client's containers have the rest in other shapes. */
const readable = t.type({
  process: t.intersection([t.type({ args: texts }), t.partial({ env: texts })]),
  mounts: t.array(t.intersection([t.type({ destination: t.string }), t.partial({ source: t.string, options: texts })])),
  linux: t.partial({
    cgroupsPath: t.string,
    namespaces: t.array(t.intersection([t.type({ type: t.string }), t.partial({ path: t.string })]))
  })
})

/**
 * The spec that containerd stored. A number beyond 2^53 becomes a bigint: a double would change it. Left says what it
 * is not.
 */
export const parseSpec = (text: string): E.Either<string, Spec> => {
  const document = E.tryCatch(
    () => JSON.parse(marked(text), unmarked) as unknown,
    () => 'its spec is no JSON'
  )
  return E.chain((value: unknown) =>
    readable.is(value) ? E.right(filled(value)) : E.left('its spec is none that this program can read')
  )(document)
}

const MARK = '\u0000bigint:'
const LONG = 15

// Texts are passed by, so that a number in one stays what it is.
const marked = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (part) =>
    !part.startsWith('"') && /^-?\d+$/.test(part) && part.length > LONG && !Number.isSafeInteger(Number(part))
      ? JSON.stringify(`${MARK}${part}`)
      : part
  )

const unmarked = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.startsWith(MARK) && /^-?\d+$/.test(value.slice(MARK.length))
    ? BigInt(value.slice(MARK.length))
    : value

/** Missing lists are empty ones, as this driver writes them. */
const filled = (value: t.TypeOf<typeof readable>): Spec =>
  ({
    ...value,
    process: { ...value.process, env: value.process.env ?? [] },
    mounts: value.mounts.map((mount) => ({ ...mount, source: mount.source ?? '', options: mount.options ?? [] })),
    linux: {
      resources: {},
      ...value.linux,
      namespaces: value.linux.namespaces ?? [],
      cgroupsPath: value.linux.cgroupsPath ?? ''
    }
  }) as unknown as Spec
