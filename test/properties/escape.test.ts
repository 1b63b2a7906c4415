import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { isAbsolute, isWithin } from '../../src/core/domain/path'
import { Facts, PathFacts } from '../../src/core/resolve/Facts'
import { bindPath, VOLUMES } from '../../src/core/resolve/hostPaths'
import { Request } from '../../src/core/resolve/Request'
import { translate } from '../../src/core/translate'
import { Case, cases, compiledOf } from '../arbitraries/facts'
import { part } from '../arbitraries/mounts'
import { binds } from '../laws/spec'

const relativeSource = fc
  .array(fc.oneof({ weight: 2, arbitrary: part }, { weight: 1, arbitrary: fc.constantFrom('..', '.', '') }), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join('/'))
  .filter((source) => source !== '' && !isAbsolute(source))

/** Where a link may lead: above the allocation, beside it, to a name that only starts like it. */
const outside = ({ allocation }: Request): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom('/', '/etc', '/etc/shadow', '/var/lib/nomad', '/var/lib/nomad/alloc', `${allocation.allocDir}x`, `${allocation.allocDir}-other/local`),
    fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`)
  ).filter((path) => !isWithin(allocation.allocDir, path))

const withBind = ({ request }: Case, source: string): Request => ({
  ...request,
  task: { ...request.task, mounts: [{ type: 'bind', target: '/mounted', source, options: [] }] }
})

const leadingTo = (facts: Facts, request: Request, there: PathFacts): Facts => {
  const mount = request.task.mounts[0]
  const path = mount === undefined ? undefined : bindPath(request.allocation, mount)
  return path === undefined ? facts : { ...facts, paths: { [path]: there } }
}

describe('a relative bind never leaves the allocation', () => {
  it('a source that leads outside, by `..` or by a link, is refused and named', () => {
    const linked = cases.chain((given) => fc.tuple(fc.constant(given), relativeSource, outside(given.request)))
    fc.assert(fc.property(linked, ([given, source, realPath]) => {
      const request = withBind(given, source)
      const outcome = translate(request, leadingTo(given.facts, request, { kind: 'directory', realPath }))
      expect(E.isLeft(outcome) && outcome.left.map(({ _tag, at }) => [_tag, at])).toEqual([['RefusedByPolicy', 'task.mounts[0].source']])
    }))
  })

  it('a source that leads inside is mounted from where it leads', () => {
    fc.assert(fc.property(cases, relativeSource, part, (given, source, name) => {
      const request = withBind(given, source)
      const realPath = `${given.request.allocation.allocDir}/${name}`
      const { spec } = compiledOf({ request, facts: leadingTo(given.facts, request, { kind: 'file', realPath }) })
      expect(spec.mounts.find(({ destination }) => destination === '/mounted')?.source).toBe(realPath)
    }))
  })

  it('every bind comes from the allocation, the volumes, Nomad, the host\'s DNS, or an absolute path that the job wrote', () => {
    fc.assert(fc.property(cases, (given) => {
      const { task, allocation } = given.request
      const wanted = task.mounts.map((mount) => (isAbsolute(mount.source) ? bindPath(allocation, mount) : undefined))
      const known = [given.facts.host?.resolvConf, ...allocation.mounts.map(({ hostPath }) => hostPath), ...wanted]
      for (const { source } of binds(compiledOf(given).spec)) {
        const ours = isWithin(allocation.allocDir, source) || source.startsWith(`${VOLUMES}/`)
        expect(ours || known.includes(source) ? '' : source).toBe('')
      }
    }))
  })

  it('a path that is not there, or that nobody asked about, is refused', () => {
    fc.assert(fc.property(cases, relativeSource, fc.boolean(), (given, source, absent) => {
      const request = withBind(given, source)
      const facts = absent ? leadingTo(given.facts, request, { kind: 'absent' }) : { ...given.facts, paths: {} }
      expect(E.isLeft(translate(request, facts))).toBe(true)
    }))
  })
})
