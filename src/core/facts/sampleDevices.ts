import { DeviceFacts } from './Facts'

const device = (type: 'c' | 'b', major: number, minor: number, fileMode: number): DeviceFacts => ({
  type,
  major,
  minor,
  fileMode,
  uid: 0,
  gid: 0
})

const OPEN = 0o666
const CLOSED = 0o660

/** Devices with numbers that Linux gives them everywhere (admin-guide/devices.txt). */
const NUMBERED: ReadonlyMap<string, DeviceFacts> = new Map([
  ['/dev/null', device('c', 1, 3, OPEN)],
  ['/dev/zero', device('c', 1, 5, OPEN)],
  ['/dev/full', device('c', 1, 7, OPEN)],
  ['/dev/random', device('c', 1, 8, OPEN)],
  ['/dev/urandom', device('c', 1, 9, OPEN)],
  ['/dev/kmsg', device('c', 1, 11, 0o644)],
  ['/dev/fuse', device('c', 10, 229, OPEN)],
  ['/dev/net/tun', device('c', 10, 200, OPEN)],
  ['/dev/kvm', device('c', 10, 232, CLOSED)],
  ['/dev/loop-control', device('c', 10, 237, CLOSED)],
  ['/dev/vhost-net', device('c', 10, 238, CLOSED)],
  ['/dev/ppp', device('c', 108, 0, 0o600)],
  ['/dev/nvidiactl', device('c', 195, 255, OPEN)]
])

/** Rows of such devices: the name before the number, and what the number makes of it. */
const ROWS: ReadonlyArray<readonly [RegExp, (index: number) => DeviceFacts]> = [
  [/^\/dev\/loop(\d{1,3})$/, (index) => device('b', 7, index, CLOSED)],
  [/^\/dev\/ttyS(\d{1,2})$/, (index) => device('c', 4, 64 + index, CLOSED)],
  [/^\/dev\/ttyUSB(\d{1,2})$/, (index) => device('c', 188, index, CLOSED)],
  [/^\/dev\/ttyACM(\d{1,2})$/, (index) => device('c', 166, index, CLOSED)],
  [/^\/dev\/dri\/card(\d{1,2})$/, (index) => device('c', 226, index, CLOSED)],
  [/^\/dev\/dri\/renderD(\d{3})$/, (index) => device('c', 226, index, CLOSED)],
  [/^\/dev\/nvidia(\d{1,2})$/, (index) => device('c', 195, index, OPEN)]
]

const DISKS = 'abcdefghijklmnop'
const PARTITIONS = 16

/**
 * What stands for a device of the host offline: the numbers that are the same on every Linux. Others only a host knows.
 */
export const sampleDevice = (path: string): DeviceFacts | undefined => {
  const disk = /^\/dev\/sd([a-p])(\d{0,2})$/.exec(path)
  if (disk !== null && Number(disk[2]) < PARTITIONS)
    return device('b', 8, DISKS.indexOf(disk[1] ?? '') * PARTITIONS + Number(disk[2]), CLOSED)
  const [found] = ROWS.flatMap(([form, of]) => {
    const index = form.exec(path)?.[1]
    return index === undefined ? [] : [of(Number(index))]
  })
  return NUMBERED.get(path) ?? found
}
