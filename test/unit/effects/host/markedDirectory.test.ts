import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import * as E from 'fp-ts/Either'

import { Failure } from '../../../../src/core/domain/Failure'
import { NODE } from '../../../../src/core/domain/labels'
import { fromMarked, inMarked, markedDirectories } from '../../../../src/effects/host/markedDirectory'
import { Performing } from '../../../../src/effects/ports/Machine'

const state = mkdtempSync(join(tmpdir(), 'marked-'))
afterAll(() => { rmSync(state, { recursive: true, force: true }) })

const how: Performing = { owner: 'a1/web/1', mark: { [NODE]: 'n1' }, materials: {}, outputs: {}, signal: new AbortController().signal }

const write = inMarked(dirname, (path: string) => () => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
  return Promise.resolve(E.right(undefined))
})

const fails = inMarked(dirname, () => () => Promise.resolve(E.left(Failure('Full', 'write', 'no space left on device'))))

describe('the directory of a container', () => {
  it('says whose it is from the first thing in it to the last', async () => {
    const path = join(state, 'web-1/hosts')
    await write(path, how)()
    await write(join(state, 'web-1/resolv.conf'), { ...how, owner: 'another' })()
    expect(JSON.parse(readFileSync(join(state, 'web-1/.owner'), 'utf8'))).toEqual({ owner: 'a1/web/1', [NODE]: 'n1' })
    expect(await markedDirectories(state)).toEqual([
      { path: join(state, 'web-1'), container: 'web-1', whose: { owner: 'a1/web/1', [NODE]: 'n1' }, names: expect.arrayContaining(['hosts', 'resolv.conf']) as unknown, pins: [] }
    ])
    const remove = (name: string) => (): Promise<E.Either<never, void>> => {
      rmSync(join(state, 'web-1', name))
      return Promise.resolve(E.right(undefined))
    }
    await fromMarked(join(state, 'web-1'), remove('hosts'))()
    expect(readdirSync(join(state, 'web-1')).sort()).toEqual(['.owner', 'resolv.conf'])
    await fromMarked(join(state, 'web-1'), remove('resolv.conf'))()
    expect(existsSync(join(state, 'web-1'))).toBe(false)
    // Gone is fine.
    expect(await fromMarked(join(state, 'web-1'), () => Promise.resolve(E.right(undefined)))()).toEqual(E.right(undefined))
  })

  it('is not there where nothing could be put in it', async () => {
    expect(await fails(join(state, 'web-2/hosts'), how)()).toMatchObject({ left: { _tag: 'Full' } })
    expect(existsSync(join(state, 'web-2'))).toBe(false)
  })

  it('says nothing where nobody said whose it is', async () => {
    await write(join(state, 'web-3/hosts'), { ...how, mark: undefined } as never)()
    expect(readdirSync(join(state, 'web-3'))).toEqual(['hosts'])
    expect((await markedDirectories(state)).find(({ container }) => container === 'web-3')).toMatchObject({ whose: undefined, names: ['hosts'] })
  })

  it('is no link, and what it says may be cut', async () => {
    mkdirSync(join(state, 'elsewhere'))
    writeFileSync(join(state, 'elsewhere/.owner'), '{"owner"')
    symlinkSync(join(state, 'elsewhere'), join(state, 'web-4'))
    await fromMarked(join(state, 'web-4'), () => Promise.resolve(E.right(undefined)))()
    expect(existsSync(join(state, 'elsewhere/.owner'))).toBe(true)
    expect(await markedDirectories(state)).toContainEqual({ path: join(state, 'elsewhere'), container: 'elsewhere', whose: undefined, names: [], pins: [] })
    expect((await markedDirectories(join(state, 'nowhere')))).toEqual([])
  })
})
