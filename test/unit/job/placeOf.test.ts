import { inJobFile, inTask, placeIn, readPath } from '../../../src/core/domain/DocumentPath'
import { placeOf } from '../../../src/core/job/placeOf'

const PLACES = {
  task: [1, 1], driver: [2, 1], 'task.image': [3, 1],
  'task.mount[0]': [4, 1], 'task.mount[0].target': [5, 1], 'task.mount[1]': [6, 1], 'task.mount[1].source': [7, 1],
  'task.work_dir': [8, 1], 'task.labels[0]': [9, 1], 'task.labels[0].a': [10, 1], 'task.labels[1]': [11, 1], 'task.labels[1].b.c': [12, 1],
  'task.args': [13, 1], 'task.args[0]': [13, 9], 'task.sysctl': [14, 1], 'task.sysctl.net.core.somaxconn': [15, 1],
  'allocation.env': [16, 1], 'allocation.env.A': [17, 1], 'allocation.user': [18, 1],
  'network[0]': [19, 1], 'network[0].mode': [20, 1], resources: [21, 1], 'resources.memory': [22, 1], 'volume_mount[0]': [23, 1]
} as const

describe('where an issue is written', () => {
  it.each([
    ['task.image', 3], ['driver', 2], ['task.args[0]', 13], ['task.args[7]', 13], ['task.nothing', 1], ['task', 1],
    ['task.mount[0].target', 5], ['task.mounts[0].target', 5], ['task.mounts[1].source', 7], ['task.mounts[1].target', 6], ['task.mounts', 4],
    ['task.cwd', 8], ['task.labels.a', 10], ['task.labels.b.c', 12], ['task.labels.z', 9],
    ['task.sysctl.net.core.somaxconn', 15], ['task.sysctl.vm.max_map_count', 14],
    ['allocation.env.A', 17], ['allocation.env.B', 16], ['env.A', 17], ['env', 16], ['user', 18], ['allocation.user', 18],
    ['network', 19], ['network.mode', 20], ['allocation.networkIsolationSpec.mode', 19],
    ['resources.memory', 22], ['resources.device', 21], ['allocation.resources.linuxResources', 21], ['volume_mount', 23],
    ['image.config.User', 1], ['allocation.name', 1]
  ])('%s is on line %d', (at, line) => { expect(placeOf(PLACES, readPath(at))?.[0]).toBe(line) })

  it.each([
    [inTask('labels', 'b.c'), 12], [inTask('sysctl', 'net.core.somaxconn'), 15], [inTask('sysctl', 'vm.x'), 14],
    [{ ...inTask('image'), inFile: 'x[0]' }, 3], [inJobFile('env', 'A'), 17], [inJobFile('network'), 19], [inJobFile('volume_mount'), 23]
  ])('%j is on line %d, whatever its names hold', (at, line) => { expect(placeOf(PLACES, at)?.[0]).toBe(line) })

  it('is the option of the plugin, or the nearest thing around it', () => {
    const plugin = { plugin: [1, 1], 'plugin.volumes': [2, 1], 'plugin.volumes.dir': [3, 1], 'plugin.allow_runtimes[1]': [4, 1] } as const
    expect(['plugin.volumes.dir', 'plugin.volumes.enabled', 'plugin.allow_runtimes[1]', 'plugin.nothing'].map((at) => placeOf(plugin, readPath(at))))
      .toEqual([[3, 1], [2, 1], [4, 1], [1, 1]])
  })

  it('is nowhere when nothing is known, also for names that every object has', () => {
    expect(placeOf({}, inTask('image'))).toBeUndefined()
    expect(placeOf({ task: [1, 1] }, inTask('constructor'))).toEqual([1, 1])
    expect(placeOf({ task: [1, 1] }, placeIn('__proto__'))).toEqual([1, 1])
  })
})
