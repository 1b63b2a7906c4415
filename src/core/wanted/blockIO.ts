import { TaskConfig } from '../decode/TaskConfig'

/** The options of block I/O that name devices, and where the spec has them. */
export const BLOCK_IO = [
  { option: 'blkio_weight_device', field: 'weightDevice' },
  { option: 'device_read_bps', field: 'throttleReadBpsDevice' },
  { option: 'device_write_bps', field: 'throttleWriteBpsDevice' },
  { option: 'device_read_iops', field: 'throttleReadIOPSDevice' },
  { option: 'device_write_iops', field: 'throttleWriteIOPSDevice' }
] as const

/** The block devices that the options name. */
export const devicePaths = (task: TaskConfig): ReadonlyArray<string> =>
  BLOCK_IO.flatMap(({ option }) => task[option].map(({ value }) => value.path))
