import { sampleDevice } from '../../../src/core/facts/sampleDevices'

it.each([
  ['/dev/loop0', 'b', 7, 0], ['/dev/loop17', 'b', 7, 17], ['/dev/fuse', 'c', 10, 229], ['/dev/net/tun', 'c', 10, 200], ['/dev/sda', 'b', 8, 0], ['/dev/sdb1', 'b', 8, 17],
  ['/dev/sdp15', 'b', 8, 255], ['/dev/ttyS1', 'c', 4, 65], ['/dev/ttyUSB0', 'c', 188, 0], ['/dev/dri/renderD128', 'c', 226, 128], ['/dev/nvidia3', 'c', 195, 3], ['/dev/null', 'c', 1, 3]
])('%s is %s %d:%d on every Linux', (path, type, major, minor) => { expect(sampleDevice(path)).toMatchObject({ type, major, minor, uid: 0, gid: 0 }) })

it.each(['/dev/nvme0n1', '/dev/sdq', '/dev/sda16', '/dev/loop', '/dev/loopx', '/dev/snd', '/srv/dev/fuse', '/dev/loop0/x', 'constructor'])('%s only a host knows', (path) => {
  expect(sampleDevice(path)).toBeUndefined()
})
