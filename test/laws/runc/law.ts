import * as path from 'node:path'

import { Spec } from '../../../src/core/domain/Oci'
import { Breaches } from '../spec'

// What runc refuses (libcontainer/configs/validate, specconv, seccomp, cgroups; v1.1.5 to v1.2.6), what it passes over in
// silence, and what the kernel answers it with EINVAL or EPERM. Stricter of the two versions where they differ.

export type Law = (spec: Spec) => Breaches
export type CgroupLaw = (spec: Spec, cgroups: 'v1' | 'v2') => Breaches

export const words = (line: string): ReadonlyArray<string> => line.split(' ')

export const unless = (holds: boolean, breach: string): Breaches => (holds ? [] : [breach])

export const outside = (known: ReadonlyArray<string>, given: ReadonlyArray<string>): Breaches => given.filter((each) => !known.includes(each))

export const twins = (given: ReadonlyArray<string>): Breaches => given.filter((each, index) => given.indexOf(each) !== index)

export const isWhole = (value: number, min: number, max: number): boolean => Number.isInteger(value) && value >= min && value <= max

export const named = (name: string, value: number | undefined, min: number, max: number): Breaches =>
  unless(value === undefined || isWhole(value, min, max), `${name} ${String(value)}`)

export const relative = (paths: ReadonlyArray<string>): Breaches => paths.filter((each) => !path.posix.isAbsolute(each))

export const isBelow = (parent: string, place: string): boolean => path.posix.normalize(place).startsWith(`${parent}/`)

export const MAX_ID = 2 ** 31 - 1
export const MAX_UINT32 = 2 ** 32 - 1
