import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { pack } from 'tar-stream'

import { Containerd } from '../../../src/effects/containerd/Containerd'
import * as leases from '../../../src/effects/containerd/leases'
import { importImage } from '../../../src/effects/image/importImage'
import { unpackImage } from '../../../src/effects/image/unpack'
import { PROBE } from './adapt'
import { BOUNDS } from './bounds'
import { right } from './right'

export const IMAGE = 'probe:test'
export const LEASE = 'kernel-agrees'
export const SNAPSHOTTER = 'overlayfs'

const ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch
const LEASE_S = 3 * 3600

/** Puts an image that holds nothing but the probe into a containerd, under a lease that stays. The name of its top snapshot. */
export const importProbe = async (containerd: Containerd, probe: string): Promise<string> => {
  const layer = await layerOf(probe)
  const steps = [
    leases.hold(containerd, LEASE, 'kernel-agrees', LEASE_S),
    importImage(containerd, { name: IMAGE, layer, architecture: ARCHITECTURE, config: {} }, LEASE),
    unpackImage(containerd, { ...BOUNDS, name: IMAGE, snapshotter: SNAPSHOTTER, lease: LEASE })
  ]
  for (const step of steps) right(await step())
  return `sha256:${createHash('sha256').update(layer).digest('hex')}`
}

const DIRECTORIES = ['proc', 'sys', 'dev', 'etc', 'tmp', 'run', path.dirname(PROBE).slice(1)]

const layerOf = async (probe: string): Promise<Buffer> => {
  const tar = pack()
  const mtime = new Date(0)
  for (const name of DIRECTORIES) tar.entry({ name, type: 'directory', mode: 0o755, mtime })
  tar.entry({ name: 'etc/passwd', mode: 0o644, mtime }, 'root:x:0:0:root:/root:/bin/sh\n')
  tar.entry({ name: PROBE.slice(1), mode: 0o755, mtime }, fs.readFileSync(probe))
  tar.finalize()
  const chunks: Array<Buffer> = []
  for await (const chunk of tar as unknown as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
