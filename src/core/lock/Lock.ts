import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { pretty } from '../domain/canonical'
import { DocumentPath, placeIn, under } from '../domain/DocumentPath'
import { deepest, Issue } from '../domain/Issue'
import * as Unread from '../domain/Unread'
import { Facts, none } from '../facts/Facts'
import { contextPath } from '../field/contextPath'
import * as ImageConfig from '../image/ImageConfig'
import * as ImageReference from '../image/ImageReference'

/**
 * What an image's name stood for when it was locked. `platform` is there when a task named one; `passwd` and `group`
 * are absent when nobody looked (`--no-accounts`), `unread` is there when one of them is in the image and could not be
 * read.
 */
export interface LockedImage {
  readonly digest: string
  readonly platform?: string
  readonly chainId: string
  readonly config: ImageConfig.ImageConfig
  readonly passwd?: string
  readonly group?: string
  readonly unread?: Unread.UnreadAccounts
}

/** Images by `keyOf`. `platform` is the one of every image whose task names none. */
export interface Lock {
  readonly version: 1
  readonly platform: string
  readonly images: Readonly<Record<string, LockedImage>>
}

/** The platform of a new lock: that of the sample's host, wherever the lock is made. */
export const USUAL_PLATFORM = 'linux/amd64'

export const empty = (platform: string): Lock => ({ version: 1, platform, images: {} })

/** Under which key an image lies: its full name; with the platform after a space where its task names one. */
export const keyOf = (name: string, platform: string): string => (platform === '' ? name : `${name} ${platform}`)

const PLATFORM = /^linux\/[a-z0-9]+(?:\/[a-z0-9]+)?$/

/** Whether a text is a platform: `linux/arm64`, `linux/arm/v7`. */
export const isPlatform = (text: string): boolean => PLATFORM.test(text)

const image = t.intersection([
  t.type({ digest: t.string, chainId: t.string, config: t.unknown }),
  t.partial({ platform: t.string, passwd: t.string, group: t.string, unread: Unread.codec })
])

const file = t.type({ version: t.literal(1), platform: t.string, images: t.record(t.string, image) })

const KNOWN = ['images', 'platform', 'version']
const KNOWN_OF_IMAGE = ['chainId', 'config', 'digest', 'group', 'passwd', 'platform', 'unread']

/** Reads a lock file; every mistake is told. A file of a later version is refused as a whole. */
export const decode = (value: unknown): E.Either<ReadonlyArray<Issue>, Lock> => {
  const { version } = t.UnknownRecord.is(value) ? value : { version: undefined }
  if (typeof version === 'number' && version !== 1)
    return E.left([
      Issue('BadValue', placeIn('lock', 'version'), version, 'is not 1: the file is of another version of this program')
    ])
  const outcome = file.decode(value)
  if (E.isLeft(outcome)) return E.left(deepest(outcome.left.map(wrongType)))
  const images = Object.entries(outcome.right.images).map(([key, given]) => imageOf(key, given))
  const wrong = [
    ...unknownKeys(placeIn('lock'), value, KNOWN),
    ...(isPlatform(outcome.right.platform)
      ? []
      : [Issue('BadValue', LOCKED_FOR, outcome.right.platform, 'is no platform, such as "linux/amd64"')]),
    ...images.flatMap((one) => (E.isLeft(one) ? one.left : []))
  ]
  return wrong.length > 0
    ? E.left(wrong)
    : E.right({
        version: 1,
        platform: outcome.right.platform,
        images: Object.fromEntries(images.flatMap((one) => (E.isRight(one) ? [one.right] : [])))
      })
}

const wrongType = ({ context, value }: t.ValidationError): Issue =>
  Issue('WrongType', contextPath('lock', context), value, 'is not what a lock file has there')

const unknownKeys = (at: DocumentPath, value: unknown, known: ReadonlyArray<string>): ReadonlyArray<Issue> =>
  Object.keys(t.UnknownRecord.is(value) ? value : {})
    .filter((key) => !known.includes(key))
    .map((key) => Issue('UnknownOption', under(at, key), undefined, `is none of ${known.join(', ')}`))

const LOCKED_FOR = placeIn('lock', 'platform')

/** What is wrong with the config of an image, told of the lock file. */
const belowImage = (at: DocumentPath, issue: Issue): Issue =>
  ({ ...issue, at: under(at, issue.at.document, ...issue.at.path) })

const DIGEST = /^sha256:[0-9a-f]{64}$/

type Named = readonly [string, LockedImage]

const imageOf = (key: string, given: t.TypeOf<typeof image>): E.Either<ReadonlyArray<Issue>, Named> => {
  const at = placeIn('lock', 'images', key)
  const { config: document, ...rest } = given
  const { digest, chainId, platform, passwd, group, unread } = rest
  const config = ImageConfig.decode(document)
  const wrong = [
    ...unknownKeys(at, given, KNOWN_OF_IMAGE),
    ...wrongKey(at, key, platform ?? ''),
    ...Object.entries({ digest, chainId })
      .filter(([, text]) => !DIGEST.test(text))
      .map(([name, text]) => Issue('BadValue', under(at, name), text, 'is no digest: sha256:<64 hex digits>')),
    ...(E.isLeft(config) ? config.left.map((issue) => belowImage(at, issue)) : [])
  ]
  return E.isLeft(config) || wrong.length > 0
    ? E.left(wrong)
    : E.right([
        key,
        {
          digest,
          chainId,
          config: config.right,
          ...(platform === undefined ? {} : { platform }),
          ...(passwd === undefined ? {} : { passwd }),
          ...(group === undefined ? {} : { group }),
          ...(unread === undefined ? {} : { unread })
        }
      ])
}

const wrongKey = (at: DocumentPath, key: string, platform: string): ReadonlyArray<Issue> => {
  const reference = ImageReference.parse(key.split(' ')[0] ?? '')
  return E.isRight(reference)
    && keyOf(reference.right.name, platform) === key
    && (platform === '' || isPlatform(platform))
    ? []
    : [
        Issue(
          'BadValue',
          at,
          undefined,
          "is not the full name of an image, with the entry's platform after a space if it has one"
        )
      ]
}

/** The text of a lock file: sorted, the same lock always the same bytes. */
export const encode = ({ version, platform, images }: Lock): string =>
  pretty({
    version,
    platform,
    images: Object.fromEntries(
      Object.entries(images).map(([key, one]) => [key, { ...one, config: ImageConfig.encode(one.config) }])
    )
  })

/**
 * What a lock knows of the images of a task: `platform` is the task's, `""` when it names none. To be merged into the
 * other facts.
 */
export const factsOf = (lock: Lock, platform: string): Facts => ({
  ...none,
  images: Object.fromEntries(
    Object.entries(lock.images)
      .filter(([, one]) => (one.platform ?? '') === platform)
      .map(([key, { digest, chainId, config, passwd, group, unread }]) => [
        key.split(' ')[0] ?? key,
        {
          digest,
          chainId,
          config,
          passwd: passwd ?? '',
          group: group ?? '',
          ...(unread === undefined ? {} : { unread })
        }
      ])
  )
})
