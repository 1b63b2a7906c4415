import * as path from 'node:path'

import { DeviceRule } from '../../../src/core/domain/Resources'
import { isWhole, Law, MAX_ID, MAX_UINT32,named, outside, relative, twins, words } from './law'

export const isNumbered = (type: string, major: number, minor: number): boolean => type === 'p' || (isWhole(major, 0, 4095) && isWhole(minor, 0, 1_048_575))

export const devicesAreTaken: Law = ({ linux: { devices = [] } }) => [
  ...twins(devices.map((device) => path.posix.normalize(device.path))),
  ...relative(devices.map((device) => device.path)),
  ...outside(words('c b u p'), devices.map(({ type }) => type)),
  ...devices.filter(({ type, major, minor }) => !isNumbered(type, major, minor)).map((device) => `numbers of ${device.path}`),
  ...devices.flatMap((device) => [
    ...named(`fileMode of ${device.path}`, device.fileMode, 0, 0o777),
    ...named(`uid of ${device.path}`, device.uid, 0, MAX_ID),
    ...named(`gid of ${device.path}`, device.gid, 0, MAX_ID)
  ])
]

// runc compares the letters with their own canonical order, and a rule without a type is for every device whatever its numbers.
export const isTakenRule = ({ access, type = 'a', major, minor }: DeviceRule): boolean => {
  const numbers = [major, minor].filter((number) => number !== undefined && number !== -1)
  return /^(?=.)r?w?m?$/.test(access) && words('a b c').includes(type) && (type !== 'a' || numbers.length === 0) &&
    numbers.every((number) => isWhole(Number(number), 0, MAX_UINT32))
}

export const deviceRulesAreTaken: Law = ({ linux }) => linux.resources.devices.filter((rule) => !isTakenRule(rule)).map((rule) => JSON.stringify(rule))
