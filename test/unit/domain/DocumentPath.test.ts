import * as fc from 'fast-check'

import { DocumentPath, inAllocation, inJobFile, inPlugin, inTask, isIn, isSame, pathText, placeIn, readPath, under } from '../../../src/core/domain/DocumentPath'

it.each<readonly [DocumentPath, string]>([
  [inTask(), 'task'], [inTask('mounts', 0, 'target'), 'task.mounts[0].target'], [inPlugin('volumes', 'dir'), 'plugin.volumes.dir'],
  [inAllocation('env', 'A'), 'allocation.env.A'], [inJobFile('resources', 'memory'), 'resources.memory'], [inTask('labels', 'a.b'), 'task.labels.a.b'],
  [{ ...inTask('seccomp_profile'), inFile: 'syscalls[0].action' }, 'task.seccomp_profile:syscalls[0].action'], [placeIn('job.nomad.hcl'), 'job.nomad.hcl']
])('%j is told as %s', (at, text) => { expect(pathText(at)).toBe(text) })

it('a place lies in what holds it by its steps, not by its letters', () => {
  const [mount, target] = [inTask('mounts', 1), inTask('mounts', 1, 'target')]
  expect([isIn(mount, target), isIn(mount, mount), isIn(target, mount), isIn(inTask('mounts', 1), inTask('mounts', 10)), isIn(inTask('mount'), target), isIn(inPlugin(), target)])
    .toEqual([true, true, false, false, false, false])
  expect([isSame(mount, inTask('mounts', 1)), isSame(mount, target), isSame(inTask('labels', 'a.b'), inTask('labels', 'a', 'b')), isSame(mount, { ...mount, inFile: 'x' })])
    .toEqual([true, false, false, false])
  expect(under(mount, 'target')).toEqual(target)
})

const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,9}$/)
const paths = fc.tuple(fc.constantFrom('task', 'plugin', 'allocation', 'image'), fc.array(fc.oneof(name, fc.nat(500)), { maxLength: 5 }))
  .map(([document, path]): DocumentPath => ({ document, path }))

it('what a stored document tells is read as the place that it was', () => {
  fc.assert(fc.property(paths, (at) => { expect(readPath(pathText(at))).toEqual(at) }))
  expect(readPath('network.port.ssh')).toEqual(inJobFile('network', 'port', 'ssh'))
  expect(readPath('')).toEqual(inJobFile())
})
