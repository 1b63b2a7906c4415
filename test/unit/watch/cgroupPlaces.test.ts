import { hierarchiesIn, placesOf } from '../../../src/core/watch/cgroupPlaces'

const HYBRID = [
  '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755',
  '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 master:1 - cgroup cgroup rw,cpu,cpuacct',
  '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
  '36 31 0:32 / /srv/another\\040view rw,relatime - cgroup cgroup rw,memory',
  '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw'
].join('\n')

const UNIFIED = '30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n'

const placed = (mountinfo: string, path: string): unknown => placesOf(hierarchiesIn(mountinfo), path)

it('the files of v1 lie in a directory for each controller, also where v2 is mounted beside it', () => {
  expect(placed(HYBRID, '/nomad/a')).toEqual({
    _tag: 'V1', cpu: '/sys/fs/cgroup/cpu,cpuacct/nomad/a', cpuacct: '/sys/fs/cgroup/cpu,cpuacct/nomad/a', memory: '/sys/fs/cgroup/memory/nomad/a'
  })
})

it('the files of v2 lie in one', () => {
  expect(placed(UNIFIED, '/nomad.slice/a.scope')).toEqual({ _tag: 'V2', directory: '/sys/fs/cgroup/nomad.slice/a.scope' })
})

it('of a hierarchy that is mounted from a cgroup below its root the rest of the path counts', () => {
  const inside = UNIFIED.replace(' / ', ' /agent ')
  expect(placed(inside, '/agent/nomad/a')).toEqual({ _tag: 'V2', directory: '/sys/fs/cgroup/nomad/a' })
  expect(placed(inside, '/nomad/a')).toBeUndefined()
  expect(placed(inside, '/agents/a')).toBeUndefined()
})

it.each([
  ['a relative path, which lies where the runtime runs', UNIFIED, 'nomad/a'],
  ['a unit of systemd', UNIFIED, 'nomad.slice:cri:a'],
  ['no path', UNIFIED, ''],
  ['a host without cgroups', '23 1 8:1 / / rw - ext4 /dev/sda1 rw\n\n', '/nomad/a'],
  ['v1 without a controller that is needed', HYBRID.replace(/cpuacct/g, 'cpuset'), '/nomad/a'],
  ['v1 whose memory is elsewhere', HYBRID.replace(/ \/ (\/sys\/fs\/cgroup\/memory)/, ' /x $1').replace(/.*another.*\n/, ''), '/nomad/a']
])('%s has no place', (_what, mountinfo, path) => {
  expect(placed(mountinfo, path)).toBeUndefined()
})

it('a mount point is read as it is, and the first of two counts', () => {
  const { v1 } = hierarchiesIn(HYBRID.split('\n').filter((line) => !line.includes('cgroup/memory')).join('\n'))
  expect(v1['memory']).toEqual({ root: '/', at: '/srv/another view' })
  expect(hierarchiesIn(HYBRID).v1['memory']?.at).toBe('/sys/fs/cgroup/memory')
})
