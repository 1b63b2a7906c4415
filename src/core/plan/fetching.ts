import * as t from 'io-ts'

import { ValuesOf } from './Row'

/**
 * How far a pull or an unpack may go: time from the first step of its plan, layers, bytes of all layers as they are
 * sent or as they lie on disk (-1: any), and how many layers are in work at once.
 */
export const bounds = { timeoutMs: t.number, maxLayers: t.number, maxBytes: t.number, parallel: t.number }

export type Bounds = ValuesOf<typeof bounds>

/** How a registry is asked: the directory of containerd's hosts.toml files, and how long it may be silent. */
export const asked = { hosts: t.string, silenceMs: t.number }

export type Asked = ValuesOf<typeof asked>

/**
 * What may be unpacked while more is on its way, and how far: into which snapshotter (`""`: nothing is). It saves the
 * unpacking that comes after it most of its work, and fails nothing.
 */
export const ahead = t.readonly(t.type({ snapshotter: t.string, maxBytes: t.number, parallel: t.number }))

export type Ahead = t.TypeOf<typeof ahead>
