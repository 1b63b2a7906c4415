import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { CdiFile } from '../../src/core/cdi/CdiFile'
import * as CdiSpec from '../../src/core/cdi/CdiSpec'
import { Edits } from '../../src/core/cdi/Edits'
import { editsOf } from '../../src/core/cdi/editsOf'
import { isQualified } from '../../src/core/cdi/QualifiedName'

// ---- a host whose devices share nothing: every path and variable holds the name of the device that brings it ----

interface Host {
  readonly files: ReadonlyArray<CdiFile>
  readonly names: ReadonlyArray<string>
}

const STAGES = ['prestart', 'createRuntime', 'createContainer', 'startContainer', 'poststart', 'poststop']

const few = { maxLength: 3 }

const editsFor = (tag: string, gid: number): fc.Arbitrary<object> =>
  fc.record({
    env: fc.array(fc.nat(9), few).map((all) => [`V_${tag}=1`, ...all.map((n) => `V_${tag}_${n}=1`)]),
    deviceNodes: fc.array(fc.record({
      path: fc.nat(9).map((n) => `/dev/${tag}_${n}`),
      hostPath: fc.option(fc.constant('/dev/null'), { nil: null }),
      type: fc.constantFrom('c', 'b', 'u', 'p', '', null),
      major: fc.nat(9),
      fileMode: fc.option(fc.nat(0o777), { nil: null }),
      permissions: fc.constantFrom('r', 'rwm', 'none', '')
    }, { requiredKeys: ['path'] }), few),
    mounts: fc.array(fc.nat(9).map((n) => ({ hostPath: '/srv', containerPath: `/mnt/${'d/'.repeat(n % 4)}${tag}_${n}`, type: 'none', options: ['bind'] })), few),
    hooks: fc.array(fc.record({ hookName: fc.constantFrom(...STAGES), path: fc.nat(9).map((n) => `/bin/${tag}_${n}`) }), few),
    additionalGids: fc.constant([gid, 0])
  })

const VENDORS = ['a.com/x', 'a.com/y', 'b.org/x']

const fileOf = (i: number, kind: string, dir: string, devices: number): fc.Arbitrary<CdiFile> =>
  fc.record({
    common: editsFor(`f${i}`, 1000 + i),
    each: fc.tuple(...Array.from({ length: devices }, (_one, d) => editsFor(`f${i}d${d}`, 2000 + 100 * i + d)))
  }).map(({ common, each }) => ({
    path: `${dir}/${i}.json`,
    document: { cdiVersion: '0.7.0', kind, containerEdits: common, devices: each.map((containerEdits, d) => ({ name: `f${i}d${d}`, containerEdits })) }
  }))

const namesOf = (file: CdiFile): ReadonlyArray<string> => {
  const { kind, devices } = documentOf(file)
  return devices.map(({ name }) => `${kind}=${name}`)
}

interface Written {
  readonly kind: string
  readonly devices: ReadonlyArray<{ readonly name: string; readonly containerEdits: WrittenEdits }>
}

interface WrittenEdits {
  readonly env: ReadonlyArray<string>
  readonly deviceNodes: ReadonlyArray<{ readonly path: string }>
  readonly mounts: ReadonlyArray<{ readonly containerPath: string }>
  readonly hooks: ReadonlyArray<{ readonly path: string }>
}

const documentOf = (file: CdiFile): Written => ('document' in file ? file.document as Written : { kind: '', devices: [] })

const writtenFor = (name: string, { files }: Host): WrittenEdits =>
  files.flatMap((file) => documentOf(file).devices.filter((device) => `${documentOf(file).kind}=${device.name}` === name))[0]!.containerEdits

const hosts: fc.Arbitrary<Host> = fc
  .array(fc.tuple(fc.constantFrom(...VENDORS), fc.boolean(), fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 4 })
  .map((all) => [...all].sort((a, b) => Number(a[1]) - Number(b[1])))
  .chain((all) => fc.tuple(...all.map(([kind, high, devices], i) => fileOf(i, kind, high ? '/var/run/cdi' : '/etc/cdi', devices))))
  .map((files) => ({ files, names: files.flatMap(namesOf) }))

const asked = hosts.chain((host) => fc.record({ host: fc.constant(host), names: fc.shuffledSubarray([...host.names], { minLength: 1 }) }))

// ---- what the laws look at ----

const right = (outcome: ReturnType<typeof editsOf>): Edits => {
  if (E.isLeft(outcome)) throw new Error(JSON.stringify(outcome.left))
  return outcome.right
}

/** Every tag in an answer: `f0` for a file's own edits, `f0d1` for those of a device. */
const tagsIn = (edits: Edits): ReadonlySet<string> =>
  new Set(Array.from(JSON.stringify([edits.env, edits.devices, edits.mounts, edits.hooks]).matchAll(/[/_](f\d+(?:d\d+)?)(?=[_="])/g), ([, tag = '']) => tag))

const sameDirectory = (a: CdiFile, b: CdiFile): number => (a.path.startsWith('/etc') ? 0 : 1) - (b.path.startsWith('/etc') ? 0 : 1)

const anyFile: fc.Arbitrary<CdiFile> = fc.oneof(
  fc.record({ path: fc.string(), document: fc.jsonValue() }),
  fc.record({ path: fc.string(), unreadable: fc.string() }),
  fc.record({ path: fc.constantFrom('/etc/cdi/a', '/etc/cdi/b', '/run/a'), document: fc.record({
    cdiVersion: fc.oneof(fc.constant('0.7.0'), fc.jsonValue()),
    kind: fc.oneof(fc.constantFrom(...VENDORS), fc.jsonValue()),
    devices: fc.oneof(fc.array(fc.record({ name: fc.constantFrom('f0d0', '__proto__', 'constructor'), containerEdits: fc.oneof(editsFor('t', 1), fc.jsonValue()) })), fc.jsonValue()),
    containerEdits: fc.oneof(editsFor('t', 1), fc.jsonValue(), fc.dictionary(fc.constantFrom('env', 'mounts', 'hooks', 'intelRdt', 'x'), fc.jsonValue()))
  }, { requiredKeys: [] }) })
)

describe('a CDI file that is any JSON at all', () => {
  it('is read, or every mistake has a place and a reason', () => {
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), anyFile.map(documentOf)), (any) => {
      const outcome = CdiSpec.decode(any, '/etc/cdi/a.json')
      if (E.isRight(outcome)) return
      expect(outcome.left.length).toBeGreaterThan(0)
      expect(outcome.left.every(({ at, reason }) => at.startsWith('/etc/cdi/a.json') && reason !== '')).toBe(true)
    }))
  })

  it('gives edits, or refusals that name what was asked for', () => {
    const names = fc.array(fc.oneof(fc.string(), fc.constantFrom('a.com/x=f0d0', 'a.com/y=constructor', 'a.com/xx=f0d0')))
    fc.assert(fc.property(names, fc.array(anyFile), (some, files) => {
      const outcome = editsOf(some, files)
      if (E.isLeft(outcome)) expect(outcome.left.every(({ name, reason }) => some.includes(name) && reason !== '')).toBe(true)
      else expect(some.every(isQualified)).toBe(true)
    }))
  })
})

describe('the edits of the devices that were asked for', () => {
  it('are those of these devices and of their files, whole, and of no other', () => {
    fc.assert(fc.property(asked, ({ host, names }) => {
      const tags = names.map((name) => name.split('=')[1] ?? '')
      expect(tagsIn(right(editsOf(names, host.files)))).toEqual(new Set([...tags, ...tags.map((tag) => tag.replace(/d\d+$/, ''))]))
    }))
  })

  it('hold every device, mount, variable and hook that its file writes down for each', () => {
    fc.assert(fc.property(asked, ({ host, names }) => {
      const all = right(editsOf(names, host.files))
      const hooks = Object.values(all.hooks).flat()
      for (const { env, deviceNodes, mounts, hooks: written } of names.map((name) => writtenFor(name, host))) {
        expect(all.env).toEqual(expect.arrayContaining([...env]))
        expect(all.devices.map(({ path }) => path)).toEqual(expect.arrayContaining(deviceNodes.map(({ path }) => path)))
        expect(all.mounts.map(({ destination }) => destination)).toEqual(expect.arrayContaining(mounts.map(({ containerPath }) => containerPath)))
        expect(hooks.map(({ path }) => path)).toEqual(expect.arrayContaining(written.map(({ path }) => path)))
      }
    }))
  })

  it('have one entry for a variable, a device path, a mount point and a group, parents before children', () => {
    fc.assert(fc.property(asked, ({ host, names }) => {
      const { env, devices, mounts, additionalGids } = right(editsOf(names, host.files))
      for (const keys of [env.map((one) => one.split('=')[0] ?? ''), devices.map(({ path }) => path), mounts.map(({ destination }) => destination), additionalGids.map(String)]) {
        expect(new Set(keys).size).toBe(keys.length)
      }
      const depths = mounts.map(({ destination }) => destination.split('/').length)
      expect(depths).toEqual([...depths].sort((a, b) => a - b))
      expect(additionalGids).not.toContain(0)
    }))
  })

  it('are the same when a device is asked for twice', () => {
    fc.assert(fc.property(asked, ({ host, names }) => {
      expect(editsOf([...names, ...names], host.files)).toEqual(editsOf(names, host.files))
    }))
  })

  it('do not depend on the order of the files of a directory', () => {
    const shuffled = asked.chain(({ host, names }) =>
      fc.record({ host: fc.constant(host), names: fc.constant(names), files: fc.shuffledSubarray([...host.files], { minLength: host.files.length }) }))
    fc.assert(fc.property(shuffled, fc.boolean(), ({ host, names, files }, more) => {
      const wanted = more ? [...names, 'a.com/z=none'] : names
      expect(editsOf(wanted, [...files].sort(sameDirectory))).toEqual(editsOf(wanted, host.files))
    }))
  })

  it('do not depend on files that nobody asked for, broken or not', () => {
    fc.assert(fc.property(asked, fc.jsonValue(), ({ host, names }, odd) => {
      const kinds = new Set(names.map((name) => name.split('=')[0]))
      const others: ReadonlyArray<CdiFile> = [{ path: '/etc/cdi/odd.json', document: odd }, { path: '/etc/cdi/torn.yaml', unreadable: 'torn' }]
      expect(editsOf(names, [...host.files.filter((file) => kinds.has(documentOf(file).kind)), ...others])).toEqual(editsOf(names, host.files))
    }))
  })
})

it('a device of two files of one directory is refused; of two directories, the later one gives it', () => {
  fc.assert(fc.property(asked, fc.nat(), ({ host, names }, pick) => {
    const file = host.files[pick % host.files.length]!
    const copy = { ...file, path: file.path.replace('.json', '-copy.json') }
    const wanted = [...names, ...namesOf(file)]
    const clash = editsOf(wanted, [...host.files, copy].sort(sameDirectory))
    expect(E.isLeft(clash) && new Set(clash.left.map(({ name }) => name))).toEqual(new Set(namesOf(file)))
    expect(editsOf(wanted, [...host.files, { ...copy, path: '/run/last/a.json' }])).toEqual(editsOf(wanted, host.files))
  }))
})
