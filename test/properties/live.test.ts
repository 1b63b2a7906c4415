import * as fc from 'fast-check'

import { Compiled } from '../../src/core/compile/Compiled'
import { compact } from '../../src/core/domain/canonical'
import { isRecord } from '../../src/core/domain/isRecord'
import { EXIT } from '../../src/core/domain/labels'
import { allocationOf } from '../../src/core/live/allocationOf'
import { labelsOf, Live } from '../../src/core/live/Live'
import { parseSpec } from '../../src/core/live/parseSpec'
import * as Request from '../../src/core/resolve/Request'
import { translate } from '../../src/core/translate'
import { cases, compiled, compiledOf, rightOf } from '../../src/testing/facts'

/** What containerd would give back of a compiled task. */
const liveOf = ({ spec, container, io, mounts }: Compiled): Live => ({
  spec: rightOf(parseSpec(compact(spec))), container, runtimeLabels: {}, io,
  files: Object.fromEntries(mounts.flatMap((one) => (one._tag === 'File' ? [[one.path, one.text]] : []))),
  pins: Object.fromEntries(mounts.flatMap((one) => (one._tag === 'Pin' ? [[one.path, one.source]] : [])))
})

it('a stored spec is read as the one that was compiled, with every number as it was', () => {
  fc.assert(fc.property(compiled, ({ spec }) => {
    expect(rightOf(parseSpec(compact(spec)))).toEqual(JSON.parse(JSON.stringify(spec, (_key, value: unknown) => (typeof value === 'bigint' ? `big ${String(value)}` : value)), (_key, value: unknown) =>
      typeof value === 'string' && /^big -?\d+$/.test(value) ? BigInt(value.slice('big '.length)) : value))
    expect(compact(rightOf(parseSpec(compact(spec))))).toBe(compact(spec))
  }))
})

it('numbers beyond 2^53 stay exact, those in texts stay texts', () => {
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.string({ unit: 'binary' }), (number, text) => {
    const spec = `{"process":{"args":[${JSON.stringify(`${text}${String(number)}`)}]},"mounts":[],"linux":{"resources":{"memory":{"limit":${String(number)}}}}}`
    const read = rightOf(parseSpec(spec))
    expect(read.process.args).toEqual([`${text}${String(number)}`])
    expect(BigInt(read.linux.resources.memory.limit ?? 0)).toBe(number)
  }))
})

/** The same message as another client would have made it: all that differs from run to run. */
const elsewhere = (allocation: unknown): unknown => {
  const given = isRecord(allocation) ? allocation : {}
  const resources = isRecord(given['resources']) ? given['resources'] : {}
  const linux = isRecord(resources['linuxResources']) ? resources['linuxResources'] : {}
  const isolation = given['networkIsolationSpec']
  return {
    ...given, id: 'another/id/1', allocId: 'another', allocDir: '/elsewhere/another', stdoutPath: '/elsewhere/out', stderrPath: '/elsewhere/err',
    resources: { ...resources, linuxResources: { ...linux, cpusetCgroup: '' } },
    ...(isRecord(isolation) && typeof isolation['path'] === 'string' && isolation['path'] !== '' ? { networkIsolationSpec: { mode: isolation['mode'], path: '/var/run/netns/another' } } : {})
  }
}

it('the message of any run becomes that of the container: compiled with it, the same container comes out', () => {
  fc.assert(fc.property(cases, (one) => {
    const ran = compiledOf(one)
    const documents = { ...one.documents, allocation: allocationOf(elsewhere(one.documents.allocation), liveOf(ran), {
      cpuCores: one.facts.host?.cpuCores ?? 0, extraHosts: one.request.task.extra_hosts.reduce((count, { value }) => count + (value.address === 'host-gateway' ? one.facts.host?.addresses.length ?? 0 : 1), 0)
    }) }
    const request = rightOf(Request.decode(documents))
    // A path below the allocation's directory was asked about under the container's.
    const again = rightOf(translate(request, one.facts))
    expect([again.container.id, again.container.owner, again.spec.linux.cgroupsPath, again.io.stdout]).toEqual([ran.container.id, ran.container.owner, ran.spec.linux.cgroupsPath, ran.io.stdout])
    expect(again.spec).toEqual(ran.spec)
    expect(again.container).toEqual(ran.container)
    expect(again.mounts).toEqual(ran.mounts)
  }))
})

it('labels are split in two, and none is lost', () => {
  fc.assert(fc.property(compiled, fc.constantFrom(EXIT, 'containerd.io/gc.root', 'io.containerd.image.config.stop-signal'), ({ container: { labels } }, name) => {
    const { own, runtime } = labelsOf({ ...labels, [name]: 'x' })
    expect(own).toEqual(labels)
    expect(runtime).toEqual({ [name]: 'x' })
  }))
})
