import { Fault } from '../../core/domain/Fault'
import { nearest } from '../../core/field/nearest'

const UNDECLARED = /^Undefined -var variable\b.*?"([^"]+)" variable/s
const DECLARATION = /^[ \t]*variable[ \t]+"([^"]+)"/gm

/** A variable that the job does not declare, in the words of this program: with the one that was probably meant. */
export const declared = (fault: Fault, source: string): Fault => {
  const name = UNDECLARED.exec(fault.message)?.[1]
  if (name === undefined) return fault
  const known = Array.from(source.matchAll(DECLARATION), ([, one = '']) => one)
  const meant = nearest(name, known)
  const has = known.length === 0 ? 'it declares none' : `it declares ${known.join(', ')}`
  const hint = meant === undefined ? has : `did you mean "${meant}"?`
  return { ...fault, message: `--var ${name}=…: the job declares no variable "${name}"; ${hint}` }
}
