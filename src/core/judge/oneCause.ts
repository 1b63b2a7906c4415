import { Change } from '../diff/Change'
import { isEqual, isJsonRecord, member } from '../domain/Json'
import { UNKNOWN_USER } from './Known'
import { change, Side, Sides } from './place'

/** Where an image that nobody knows says the user, another image may say another. */
export const userOfImage = (sides: Sides): ReadonlyArray<Change> => {
  const { before, after } = sides
  const isOther = before.image !== after.image && before.user === after.user && after.user === UNKNOWN_USER
  return isOther
    ? [
        change(
          sides,
          { pointer: '/container/image', key: '/container/image/user', place: 'user' },
          `${before.user} ${before.image}`,
          `${after.user} ${after.image}`
        )
      ]
    : []
}

/** One cause is one change: another name of an image brings other digests. */
export const toldNames = (place: string, names: ReadonlyArray<string>): ReadonlyArray<string> =>
  place === 'container/image' ? IMAGE.filter((name) => names.includes(name)).slice(0, 1) : names

const IMAGE = ['name', 'digest', 'chainId']

/** What is fetched is the image that the container has. */
export const isToldAlready = ({ before: a, after: b }: Sides, place: string, before: Side, after: Side): boolean => {
  if (a.image === b.image || a.image === '' || b.image === '') return false
  if (place === 'fetch/name') return before === a.image && after === b.image
  return (
    place === 'fetch'
    && isJsonRecord(before)
    && isJsonRecord(after)
    && isEqual({ ...before, name: '' }, { ...after, name: '' })
    && member(before, 'name') === a.image
    && member(after, 'name') === b.image
  )
}
