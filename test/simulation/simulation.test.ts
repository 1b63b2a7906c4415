import { foundText, lawBrokenBy, search } from './search'
import { Step } from './Step'

const given = process.env['SEED'] ?? process.env['FC_SEED']
const seed = given === undefined ? Date.now() % 2 ** 31 : Number(given)
const lives = Number(process.env['LIVES'] ?? 1000)
const AN_HOUR_MS = 60 * 60_000
const steps = process.env['STEPS']

describe('the whole driver, from RPC to act, in a world where everything goes wrong', () => {
  it(steps === undefined ? `keeps its laws in ${String(lives)} sequences (SEED=${String(seed)})` : 'keeps its laws in the sequence of STEPS', async () => {
    if (steps !== undefined) {
      expect(await lawBrokenBy(JSON.parse(steps) as ReadonlyArray<Step>)).toBeUndefined()
      return
    }
    const found = await search(lives, seed)
    if (found !== undefined) throw new Error(foundText(found))
  }, AN_HOUR_MS)
})
