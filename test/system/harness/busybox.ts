import { Containerd } from '../../../src/effects/containerd/Containerd'
import * as leases from '../../../src/effects/containerd/leases'
import { busyboxImage } from '../../../src/effects/dev/busyboxImage'
import { importImage } from '../../../src/effects/image/importImage'
import { unpackImage } from '../../../src/effects/image/unpack'
import { BOUNDS } from './bounds'
import { right } from './right'

/** The image that the tests' tasks run, made on the spot. */
export const IMAGE = 'docker.io/library/busybox:1.36'

const LEASE = 'setup'

/** Puts the image into a containerd, unpacked. */
export const importBusybox = async (containerd: Containerd): Promise<void> => {
  const image = await busyboxImage(IMAGE, '/bin/busybox')
  const steps = [
    leases.hold(containerd, LEASE, 'test', 600),
    importImage(containerd, image, LEASE),
    unpackImage(containerd, { ...BOUNDS, name: IMAGE, snapshotter: 'overlayfs', lease: LEASE }),
    leases.release(containerd, LEASE)
  ]
  for (const step of steps) right(await step())
}
