import * as fc from 'fast-check'

import { Mount } from '../../src/core/domain/Oci'
import { clean, isWithin } from '../../src/core/domain/path'
import { planStart } from '../../src/core/plan/plans'
import { Request } from '../../src/core/resolve/Request'
import { Case, cases, compiledOf } from '../../src/testing/facts'
import { binds } from '../laws/spec'

const shared = ({ allocation }: Request): string => `${clean(allocation.allocDir)}/alloc`
const own = ({ allocation }: Request): string => `${clean(allocation.allocDir)}/${allocation.name}`

/** Whether a task can write the directory that a path lies in: below what all share, or below a directory of its own. */
const canBeSwapped = (request: Request, path: string): boolean =>
  (isWithin(shared(request), path) && path !== shared(request) && path !== `${shared(request)}/logs`) ||
  (isWithin(own(request), path) && path.slice(own(request).length + 1).includes('/'))

const sources = (given: Case): ReadonlyArray<Mount> => binds(compiledOf(given).spec)

describe('no source in a spec lies where a task could put a link', () => {
  it('what does is pinned: the spec names a place of this container\'s own, and the plan binds the true source there', () => {
    fc.assert(fc.property(cases, (given) => {
      const compiled = compiledOf(given)
      const { request } = given
      const places = new Map(planStart(compiled).steps.flatMap(({ act }) => (act._tag === 'PinSource' ? [[act.path, act.source] as const] : [])))
      for (const { source } of sources(given)) expect(canBeSwapped(request, source) ? source : '').toBe('')
      for (const [place, source] of places) {
        expect(place.startsWith(`${clean(request.plugin.state_dir)}/${compiled.container.id}/mounts/`)).toBe(true)
        expect(sources(given).some((mount) => mount.source === place)).toBe(true)
        expect(canBeSwapped(request, source)).toBe(true)
      }
    }))
  })

  it('all else of the allocation is looked at right before the task is made', () => {
    fc.assert(fc.property(cases, (given) => {
      const { steps } = planStart(compiledOf(given))
      const at = steps.findIndex(({ act }) => act._tag === 'CreateTask')
      const look = steps[at - 1]?.act
      const paths = look?._tag === 'InspectPaths' ? look.paths : []
      const inside = sources(given).map(({ source }) => source).filter((source) => isWithin(clean(given.request.allocation.allocDir), source))
      expect(new Set(paths)).toEqual(new Set(inside))
      expect(look?._tag === 'InspectPaths' && look.streams).toEqual([given.request.allocation.stdoutPath, given.request.allocation.stderrPath])
    }))
  })
})

describe('the logs of the allocation are read-only wherever a container shows them', () => {
  it('the mount itself, or one on top of it', () => {
    fc.assert(fc.property(cases, (given) => {
      const { spec } = compiledOf(given)
      const logs = `${shared(given.request)}/logs`
      const isReadonly = ({ options }: Mount): boolean => options.includes('ro') && !options.includes('rw')
      for (const mount of binds(spec)) {
        if (isWithin(logs, mount.source)) expect([mount.destination, isReadonly(mount)]).toEqual([mount.destination, true])
        if (mount.source !== shared(given.request)) continue
        const top = spec.mounts.find(({ destination }) => destination === clean(`${mount.destination}/logs`))
        expect(top === undefined ? 'no logs' : [top.source, isReadonly(top)]).toEqual([logs, true])
      }
    }))
  })
})
