import * as path from 'node:path'

import * as fc from 'fast-check'

import { Compiled } from '../../src/core/compile/Compiled'
import { compact } from '../../src/core/domain/canonical'
import { wantedMounts } from '../../src/core/wanted/wantedMounts'
import { cases, compiled, compiledOf } from '../../src/testing/facts'
import { fieldsAreKnown } from '../laws/knownFields'
import { cgroupRules, runcRules } from '../laws/runc'
import { isValidByTheSchema } from '../laws/schema'
import * as laws from '../laws/spec'
import { Breaches } from '../laws/spec'

const table: ReadonlyArray<readonly [string, (of: Compiled) => Breaches]> = [
  ['no environment variable is set twice', ({ spec }) => laws.envNamesAreUnique(spec)],
  ['the environment is sorted by name', ({ spec }) => laws.envIsSortedByName(spec)],
  ['one mount to a place, and no place is written in two ways', ({ spec }) => laws.destinationsAreUniqueAndClean(spec)],
  ['a mount never hides one that came before it', ({ spec }) => laws.parentsComeFirst(spec)],
  ['no namespace is asked for twice', ({ spec }) => laws.namespacesAreUnique(spec)],
  ['limits are what the kernel takes', ({ spec }) => laws.limitsAreSane(spec)],
  ['containerd takes the container id', ({ container }) => laws.idIsAnIdentifier(container)],
  ['containerd takes the labels', ({ container }) => laws.labelsFit(container)],
  ['the schema of the OCI runtime spec has it', ({ spec }) => isValidByTheSchema(asJson(spec))],
  ['every field is one of the OCI runtime spec', ({ spec }) => fieldsAreKnown(asJson(spec))],
  ["runc's rules hold", ({ spec }) => runcRules.flatMap(([name, law]) => law(spec).map((breach) => `${name}: ${breach}`))],
  ['the capabilities are sorted, and each set lies within the next', ({ spec }) => laws.capabilitiesAreNested(spec)]
]

/** The spec as containerd stores it. A limit of 2^64-1 is beyond what a reader in JavaScript can hold. */
const asJson = (spec: Compiled['spec']): unknown => JSON.parse(compact(spec))

describe('whatever compiles obeys the laws of a spec', () => {
  it.each(table)('%s', (_name, law) => {
    fc.assert(fc.property(compiled, (made) => { expect(law(made)).toEqual([]) }))
  })

  it('a mount of the task stands where the task wants it', () => {
    fc.assert(fc.property(cases, (given) => {
      const { mounts } = compiledOf(given).spec
      for (const { target, type } of wantedMounts(given.request.task)) {
        const place = path.posix.resolve(target)
        const there = mounts.filter(({ destination }) => destination === place)
        expect(there.map((mount) => mount.type)).toEqual([type === 'tmpfs' ? 'tmpfs' : 'bind'])
      }
    }))
  })

  it("runc's rules of its cgroups hold", () => {
    fc.assert(fc.property(cases, (given) => {
      const { spec } = compiledOf(given)
      expect(cgroupRules.flatMap(([name, law]) => law(spec, given.facts.host?.cgroups ?? 'v2').map((breach) => `${name}: ${breach}`))).toEqual([])
    }))
  })

  it('Nomad finds its three directories in every container', () => {
    fc.assert(fc.property(compiled, ({ spec }) => {
      expect(spec.mounts.map(({ destination }) => destination)).toEqual(expect.arrayContaining(['/alloc', '/local', '/secrets', '/proc', '/dev']))
    }))
  })

  it('every capability of the container is one that the host can grant', () => {
    fc.assert(fc.property(cases, (given) => {
      const { bounding, effective, permitted } = compiledOf(given).spec.process.capabilities
      for (const name of [...bounding, ...effective, ...permitted]) expect(given.facts.host?.capabilities).toContain(name)
    }))
  })
})
