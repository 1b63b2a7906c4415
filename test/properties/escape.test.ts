import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { pathText } from '../../src/core/domain/DocumentPath'
import { clean, isAbsolute, isWithin } from '../../src/core/domain/path'
import { Facts, PathFacts } from '../../src/core/facts/Facts'
import { imageName } from '../../src/core/resolve/questionsOf'
import { decode, Request } from '../../src/core/resolve/Request'
import { translate } from '../../src/core/translate'
import { bindPath } from '../../src/core/wanted/bindPath'
import { wantedMounts } from '../../src/core/wanted/wantedMounts'
import { Case, cases, compiledOf } from '../../src/testing/facts'
import { absolute, part } from '../../src/testing/mounts'
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
  task: { ...request.task, volumes: [], tmpfs: [], mounts: [{ type: 'bind', target: '/mounted', source, options: [], readonly: false, bind_options: undefined, tmpfs_options: undefined }] }
})

const leadingTo = (facts: Facts, request: Request, there: PathFacts): Facts => {
  const mount = wantedMounts(request.task)[0]
  const path = mount === undefined ? undefined : bindPath(request.allocation, mount)
  return path === undefined ? facts : { ...facts, paths: { ...facts.paths, [path]: there } }
}

describe('a relative bind never leaves the allocation', () => {
  it('a source that leads outside, by `..` or by a link, is refused and named', () => {
    const linked = cases.chain((given) => fc.tuple(fc.constant(given), relativeSource, outside(given.request)))
    fc.assert(fc.property(linked, ([given, source, realPath]) => {
      const request = withBind(given, source)
      fc.pre(bindPath(request.allocation, { type: 'bind', source }) !== clean(request.allocation.allocDir))
      const outcome = translate(request, leadingTo(given.facts, request, { kind: 'directory', realPath }))
      expect(E.isLeft(outcome) && outcome.left.map(({ _tag, at }) => [_tag, pathText(at)])).toEqual([['RefusedByPolicy', 'task.mounts[0].source']])
    }))
  })

  it('a source that leads to another place inside is refused too: a task made that link', () => {
    fc.assert(fc.property(cases, relativeSource, part, (given, source, name) => {
      const request = withBind(given, source)
      const { allocDir } = given.request.allocation
      const path = bindPath(request.allocation, { type: 'bind', source }) ?? ''
      // The allocation's own directory is refused before anything is asked, and may be a link of the operator's.
      fc.pre(isWithin(allocDir, path) && ![allocDir, `${allocDir}/${name}`].includes(path))
      for (const there of [{ kind: 'file', realPath: `${allocDir}/${name}` }, { kind: 'link', at: `${allocDir}/${name}` }] as const) {
        const outcome = translate(request, leadingTo(given.facts, request, there))
        expect(E.isLeft(outcome) && outcome.left.map(({ _tag, at }) => [_tag, pathText(at)])).toEqual([['RefusedByPolicy', 'task.mounts[0].source']])
      }
    }))
  })

  it('the allocation\'s own directory may be a link: what lies in it is mounted from where it leads', () => {
    fc.assert(fc.property(cases, part, (given, name) => {
      const request = withBind(given, `../${name}`)
      const { allocDir } = request.allocation
      const paths = { ...given.facts.paths, [clean(allocDir)]: { kind: 'directory', realPath: '/data/a' }, [`${clean(allocDir)}/${name}`]: { kind: 'file', realPath: `/data/a/${name}` } } as const
      const { spec } = compiledOf({ request, facts: { ...given.facts, paths } })
      expect(spec.mounts.find(({ destination }) => destination === '/mounted')?.source).toBe(`/data/a/${name}`)
    }))
  })

  it('every bind comes from the allocation, the volumes, Nomad, the host\'s DNS, or an absolute path that the job wrote', () => {
    fc.assert(fc.property(cases, (given) => {
      const { task, allocation, plugin, policy } = given.request
      const wanted = wantedMounts(task).map((mount) => (isAbsolute(mount.source) ? bindPath(allocation, mount) : undefined))
      const host = [given.facts.host?.resolvConf, plugin.init_path, '/dev/shm', '/dev/mqueue', '/sys', '/opt/cdi']
      const known = [...host, ...allocation.mounts.map(({ hostPath }) => hostPath), ...wanted]
      for (const { source } of binds(compiledOf(given).spec)) {
        const ours = isWithin(allocation.allocDir, source) || isWithin(clean(policy.volumes.dir), source) || isWithin(clean(plugin.state_dir), source)
        expect(ours || known.includes(source) ? '' : source).toBe('')
      }
    }))
  })

  it('with `volumes.enabled = false` no bind leads out of the allocation, whatever the source is and wherever links lead', () => {
    const source = fc.oneof(relativeSource, absolute, fc.constantFrom('/', '//etc', '/../etc', 'local/../../../../etc', './', '..', '/proc/self/root'))
    const anywhere = cases.chain((given) => fc.tuple(fc.constant(given), source, fc.oneof(outside(given.request), fc.constant(given.request.allocation.allocDir))))
    fc.assert(fc.property(anywhere, fc.constantFrom('bind', 'volume'), ([given, path, realPath], type) => {
      const task = { image: 'redis', command: 'sh', host_dns: false, mounts: [{ type, target: '/mounted', source: path }] }
      const request = decode({ task, plugin: { containerd_runtime: 'r', volumes: { enabled: false } }, allocation: { ...(given.documents.allocation as object), mounts: [], dns: null } })
      if (E.isLeft(request)) return
      const mount = wantedMounts(request.right.task)[0]
      const asked = mount === undefined ? undefined : bindPath(request.right.allocation, mount)
      fc.pre(asked !== clean(request.right.allocation.allocDir))
      const images = { [imageName(request.right)]: Object.values(given.facts.images)[0] } as Facts['images']
      const compiled = translate(request.right, { ...given.facts, images, paths: asked === undefined ? {} : { [asked]: { kind: 'directory', realPath } } })
      if (E.isLeft(compiled)) return
      for (const { source: from } of binds(compiled.right.spec).filter(({ destination }) => destination !== '/etc/hosts')) expect(isWithin(request.right.allocation.allocDir, from) ? '' : from).toBe('')
      expect(isWithin(request.right.allocation.allocDir, clean(realPath))).toBe(true)
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
