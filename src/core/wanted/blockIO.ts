import { TaskConfig } from '../decode/TaskConfig'
import { parse } from '../value/DeviceRate'

/** The options of block I/O that name devices, what their numbers count, and where the spec has them. */
export const BLOCK_IO = [
  { option: 'blkio_weight_device', unit: 'weight', field: 'weightDevice' },
  { option: 'device_read_bps', unit: 'bytes', field: 'throttleReadBpsDevice' },
  { option: 'device_write_bps', unit: 'bytes', field: 'throttleWriteBpsDevice' },
  { option: 'device_read_iops', unit: 'times', field: 'throttleReadIOPSDevice' },
  { option: 'device_write_iops', unit: 'times', field: 'throttleWriteIOPSDevice' }
] as const

/** The block devices that the options name. */
export const devicePaths = (task: TaskConfig): ReadonlyArray<string> =>
  BLOCK_IO.flatMap(({ option, unit }) => task[option].flatMap((text) => parse(text, unit)?.path ?? []))
