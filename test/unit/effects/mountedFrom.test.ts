import { sourcesIn } from '../../../src/effects/host/mountedFrom'

const MOUNTS = `20 1 254:0 / / rw,relatime - ext4 /dev/vda rw
21 20 0:30 / /alloc/a/web/secrets rw - tmpfs tmpfs rw
22 20 254:1 /sub /mnt/disk rw - ext4 /dev/vdb rw
30 20 254:0 /alloc/a/alloc/data/x /run/d/c/mounts/1 rw - ext4 /dev/vda rw
31 20 0:30 /tls /run/d/c/mounts/2 rw - tmpfs tmpfs rw
32 20 254:1 /sub/with\\040blank /run/d/c/mounts/3 rw - ext4 /dev/vdb rw
33 20 0:99 / /run/d/c/mounts/4 rw - tmpfs tmpfs rw
34 20 254:0 /old /run/d/c/mounts/5 rw - ext4 /dev/vda rw
35 34 254:0 /new /run/d/c/mounts/5 rw - ext4 /dev/vda rw
36 20 254:1 /sub /run/d/c/mounts/6 rw - ext4 /dev/vdb rw
`

it.each([
  ['on the root file system', 1, '/alloc/a/alloc/data/x'], ['on a file system of its own', 2, '/alloc/a/web/secrets/tls'], ['in a part of a disk, with a blank', 3, '/mnt/disk/with blank'],
  ['of a file system that is mounted nowhere else', 4, undefined], ['mounted twice, the last counts', 5, '/new'], ['all of a mount', 6, '/mnt/disk'], ['not mounted', 7, undefined]
])('what a place shows: %s', (_what, name, source) => {
  const place = `/run/d/c/mounts/${String(name)}`
  expect(sourcesIn(MOUNTS, [place])).toEqual(source === undefined ? {} : { [place]: source })
})
