/** Labels of everything that this driver makes in containerd. */

/** Holds Nomad's task id: no undo touches a thing that has another one. */
export const OWNER = 'containerd-driver/owner'

/** Holds the id of the Nomad client that had the thing made: no other agent's driver ever takes it away unasked. */
export const NODE = 'containerd-driver/node'

/** Holds the directory of the allocation: once it is gone, Nomad knows of no task in it. */
export const ALLOC_DIR = 'containerd-driver/alloc_dir'

/** Holds the exit of the task, from the moment it was seen: containerd 1.7 and later forget it when they restart. */
export const EXIT = 'containerd-driver/exit'

/** Holds the network that a container has joined (`longLabel`): what has to be left when only the record is known. */
export const NETWORK = 'containerd-driver/network'

/** Holds the file of a network namespace that is another's: what has to be removed when only the record is known. */
export const NAMESPACE = 'containerd-driver/namespace'

/** Holds what the name of an image stood for when a pull or load of this driver's made the record (`pulledAs`). */
export const PULLED = 'containerd-driver/pulled'

/** Holds when a pulled image was last seen in use, in UTC (RFC 3339). */
export const USED = 'containerd-driver/used'

/** Holds when a container was set aside that outlives its task (`gc.container`), in UTC (RFC 3339). */
export const KEPT = 'containerd-driver/kept'

/** What stands before the names of images that belong to one task. */
export const OWN_IMAGES = 'containerd-driver.local/'

/** What stands before the names of Nomad's labels, as in the docker driver. */
export const NOMAD = 'com.hashicorp.nomad.'

/** The label by which operators' tools find the containers of an allocation. */
export const ALLOC_ID = `${NOMAD}alloc_id`

/**
 * Names under which other tools, runtimes and this driver keep their own: a label or annotation of a task there could
 * steer
 * them (containerd's restart monitor runs a program that a label names, CVE-2026-53488; crun reads hooks from
 * `run.oci.`).
 */
const RESERVED: ReadonlyArray<string> = [
  'containerd-driver',
  'com.hashicorp.nomad',
  'containerd.io',
  'io.containerd',
  'io.cri-containerd',
  'nerdctl',
  'io.kubernetes',
  'kubernetes.io',
  'cri-o',
  'io.podman',
  'io.buildah',
  'com.docker',
  'moby',
  'run.oci',
  'io.katacontainers',
  'dev.gvisor',
  'org.systemd.property',
  'org.opencontainers',
  'org.criu',
  'cdi.k8s.io',
  'module.wasm.image'
]

/** The reserved name space that a label or annotation lies in, if any. */
export const reservedFor = (name: string): string | undefined =>
  RESERVED.find(
    (space) =>
      name === space || name.startsWith(`${space}.`) || name.startsWith(`${space}/`) || name.includes(`.${space}/`)
  )
