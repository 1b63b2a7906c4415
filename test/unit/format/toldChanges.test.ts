import { compared } from '../../../src/core/comparison'
import { Json } from '../../../src/core/domain/Json'
import { Comparison } from '../../../src/core/format/Outcome'
import { sentence, toldOf } from '../../../src/core/format/toldChanges'

const spec = (process: { readonly [name: string]: Json }, rest: { readonly [name: string]: Json } = {}): Json =>
  ({ ociVersion: '1.1.0', process: { args: ['sh'], ...process }, root: { path: 'rootfs', readonly: true }, ...rest })

const told = (before: Json, after: Json, cause?: string): ReadonlyArray<string> => {
  const result = compared(before, after, [])
  const comparison: Comparison = {
    name: 'x', before: { label: 'a', document: result.before }, after: { label: 'b', document: result.after },
    changes: result.changes.map((change) => ({ ...change, ...(cause === undefined ? {} : { cause }) }))
  }
  return toldOf(comparison).map((one) => `${one.verdict} ${sentence(one)}`)
}

const sets = (...names: ReadonlyArray<string>): { readonly [name: string]: Json } => ({ capabilities: { bounding: names, effective: names, permitted: names } })

describe('changes as they are told', () => {
  it('capabilities of all sets are one line', () => {
    expect(told(spec(sets()), spec(sets('CAP_A', 'CAP_B')), 'task.cap_add')).toEqual([
      'weakens /process/capabilities: 2 added: CAP_A, CAP_B - a capability is new [task.cap_add]'
    ])
  })

  it('one change is told as it is', () => {
    expect(told(spec({ cwd: '/a' }), spec({ cwd: '/b' }))).toEqual(['neutral /process/cwd: "/a" -> "/b" - another program or setting inside the same walls'])
  })

  it('what is new and what is gone are two lines', () => {
    const masked = (...maskedPaths: ReadonlyArray<string>): Json => spec({}, { linux: { maskedPaths } })
    expect(told(masked('/proc/a', '/proc/b', '/proc/c'), masked('/proc/d', '/proc/e'))).toEqual([
      'weakens /linux/maskedPaths: 3 removed: /proc/a, /proc/b, /proc/c - a mask over a path is gone',
      'tightens /linux/maskedPaths: 2 added: /proc/d, /proc/e - a mask over a path is new'
    ])
  })

  it('of an object only what differs is shown', () => {
    const mount = (option: string): Json => spec({}, { mounts: [{ destination: '/a/b', type: 'bind', source: '/srv', options: ['rbind', option] }] })
    expect(told(mount('ro'), mount('rw'))).toEqual(['weakens /mounts/~1a~1b: options: ["rbind","ro"] -> ["rbind","rw"] - read-only before, writable now'])
  })

  it('many names are cut', () => {
    const [line] = told(spec(sets()), spec(sets(...Array.from({ length: 40 }, (_, index) => `CAP_NUMBER_${String(index)}`))))
    expect(line).toMatch(/40 added: CAP_NUMBER_0, .*… - /)
    expect(line!.length).toBeLessThan(300)
  })
})
