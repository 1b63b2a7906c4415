import { Fault } from '../../core/domain/Fault'
import type { Refused } from './Reach'

const UNREAD = /failed to (?:read|stat|glob)\b/

/**
 * Mistakes of a job of which some answers about files were not given: each says why. A job that hid it from itself
 * (`fileset` finds nothing where it may not look) is a mistake all the same.
 */
export const withRefusals = (
  file: string, faults: ReadonlyArray<Fault>, refusals: ReadonlyArray<Refused>
): ReadonlyArray<Fault> => {
  const [first] = refusals
  if (first === undefined) return faults
  const told = faults.filter(({ message }) => UNREAD.test(message))
  const others = faults.filter(({ message }) => !UNREAD.test(message))
  const said = told.map((fault) => ({ ...fault, message: sentenceOf(behind(fault, refusals) ?? first) }))
  return [...(said.length > 0 ? said : [{ file, message: sentenceOf(first) }]), ...others]
}

const behind = ({ message }: Fault, refusals: ReadonlyArray<Refused>): Refused | undefined =>
  refusals.find(({ path }) => message.includes(path))

const sentenceOf = ({ path, why }: Refused): string => `the job asks for the file ${path}: ${why}`
