import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../../core/domain/Failure'
import { about } from '../../../core/facts/Facts'
import * as Lock from '../../../core/lock/Lock'
import * as explain from '../../../core/report/explain'
import { Ask, Asked, digestAt, lockImage } from '../../../effects/registry/lockImage'
import { Wanted } from './wantedImages'

const AT_ONCE = 4

type Answers<A> = E.Either<string, ReadonlyArray<readonly [string, A]>>

/** Asks about every image, four at a time. Left tells every failure; a registry that cannot be reached is told once. */
const each = async <A,>(
  images: ReadonlyArray<Wanted>,
  ask: (image: Wanted) => TE.TaskEither<Failure, A>
): Promise<Answers<A>> => {
  const outcomes: Array<readonly [Wanted, E.Either<Failure, A>]> = []
  const queue = [...images]
  const work = async (): Promise<void> => {
    for (let image = queue.shift(); image !== undefined; image = queue.shift())
      outcomes.push([image, await ask(image)()])
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const failed = outcomes.flatMap(([image, outcome]) => (E.isLeft(outcome) ? [{ image, failure: outcome.left }] : []))
  return failed.length > 0
    ? E.left(told(failed))
    : E.right(outcomes.flatMap(([{ key }, outcome]) => (E.isRight(outcome) ? [[key, outcome.right] as const] : [])))
}

interface Failed {
  readonly image: Wanted
  readonly failure: Failure
}

const told = (failed: ReadonlyArray<Failed>): string => {
  const unreachable = failed.filter(({ failure }) => failure._tag === 'Unavailable')
  const registries = [...new Set(unreachable.map(({ image }) => image.registry))].sort()
  return [
    ...registries.map((registry) => {
      const its = unreachable.filter(({ image }) => image.registry === registry)
      return `${its[0]?.failure.detail ?? ''}; needed for ${its
        .map(({ image }) => image.key)
        .sort()
        .join(', ')}`
    }),
    ...failed
      .filter(({ failure }) => failure._tag !== 'Unavailable')
      .map(({ failure }) => explain.failure(failure))
      .sort()
  ]
    .map((one) => `${one}\n`)
    .join('')
}

const askOf = ({ name, platform, asking }: Wanted, usual: string): Ask =>
  ({ ...asking, name, platform: platform === '' ? usual : platform, isNamed: platform !== '' })

/** The digest that each name stands for now; a name that has one is not asked about. */
export const digestsOf = (images: ReadonlyArray<Wanted>, platform: string): Promise<Answers<string>> =>
  each(images, (image) => (image.digest === undefined ? digestAt(askOf(image, platform)) : TE.right(image.digest)))

/**
 * How entries are made: under which platform by default, with accounts or without, and whether the digests of `from`
 * stay.
 */
export interface How {
  readonly from: Lock.Lock
  readonly platform: string
  readonly accounts: boolean
  readonly upgrade: boolean
}

/** An entry for each image. One that is in `from` and says all that is wanted is taken as it is. */
export const entriesOf = async (images: ReadonlyArray<Wanted>, how: How): Promise<Answers<Lock.LockedImage>> => {
  const done = images.flatMap((image) => {
    const entry = standing(image, how)
    return entry !== undefined && isComplete(image, entry, how) ? [[image.key, entry] as const] : []
  })
  const open = images.filter(({ key }) => !done.some(([other]) => other === key))
  const made = await each(open, (image) => {
    const digest = standing(image, how)?.digest
    return TE.bimap(
      (failure: Failure) => withoutIt(failure, digest),
      (asked: Asked): Lock.LockedImage => ({ ...asked, ...(image.platform === '' ? {} : { platform: image.platform }) })
    )(lockImage(askOf(image, how.platform), { accounts: how.accounts, ...(digest === undefined ? {} : { digest }) }))
  })
  return E.map((entries: ReadonlyArray<readonly [string, Lock.LockedImage]>) => [...done, ...entries])(made)
}

const withoutIt = (failure: Failure, digest: string | undefined): Failure =>
  failure._tag !== 'NotFound' || digest === undefined
    ? failure
    : {
        ...failure,
        detail: `the registry has no ${digest} any more, which is locked; --upgrade takes what the name stands for now`
      }

const standing = ({ key }: Wanted, { from, upgrade }: How): Lock.LockedImage | undefined =>
  upgrade ? undefined : about(from.images, key)

const isComplete = (
  { platform }: Wanted,
  { passwd }: Lock.LockedImage,
  { from, platform: usual, accounts }: How
): boolean => (platform !== '' || from.platform === usual) && accounts === (passwd !== undefined)
