import { Thrown } from '../../../src/effects/ports/Thrown'

/** What work with a registry says when it fails. */
export const told = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
  } catch (thrown) {
    if (thrown instanceof Thrown) return `${thrown.failure._tag} ${thrown.failure.doing}: ${thrown.failure.detail}`
    throw thrown
  }
  return 'it worked'
}
