import * as F from '../field/Field'
import * as K from '../field/Kind'

const MAX_LAYERS = 1000
const MAX_AT_ONCE = 64

const MOST_VERIFIERS = 100

/** Who has to let an image in: options of containerd's plugin `io.containerd.image-verifier.v1.bindir`. */
const verifierFields = {
  bin_dir: F.withDefault(
    K.path,
    '/opt/containerd/image-verifier/bin',
    'Directory of the verifiers: every file in it is one. Where it is missing or empty, no image is let in.'
  ),
  max_verifiers: F.withDefault(
    K.whole(-1, MOST_VERIFIERS), 10, 'Most verifiers that are asked, the first by their names. `-1`: all.'
  ),
  per_verifier_timeout: F.withDefault(
    K.duration, '10s', 'How long a verifier may take; then the image is not let in, and may be tried again.'
  )
} as const satisfies F.Fields

/** What an operator puts up with from images and registries: `images` of the plugin. */
export const imageFields = {
  allow: F.optional(
    K.texts,
    'Images that tasks may run, by their full names with `*`: `docker.io/library/*`, `registry.example/team/app:1.*`. A pattern without tag or digest is for all of them. Left out: any.'
  ),
  require_digest: F.withDefault(
    K.flag, false, 'Whether an image has to be named with its digest, `name@sha256:…`, so that nobody can exchange it.'
  ),
  require_platform: F.withDefault(
    K.flag, false, 'Whether a task has to name the `platform` of its image.'
  ),
  max_size: F.withDefault(
    K.sizeOrUnlimited,
    '32g',
    'Most that all layers of an image may have as the registry sends them. `-1`: no ceiling.'
  ),
  max_unpacked_size: F.withDefault(
    K.sizeOrUnlimited,
    '128g',
    'Most that an image may take on disk once it is unpacked, 4 KiB for each file included. `-1`: no ceiling.'
  ),
  max_layers: F.withDefault(K.whole(1, MAX_LAYERS), 128, 'Most layers that an image may have.'),
  max_pull_timeout: F.optional(
    K.duration,
    'Longest `image_pull_timeout` that a task may set; tasks that set none get no more either. Left out: any.'
  ),
  max_concurrent_downloads: F.withDefault(
    K.whole(1, MAX_AT_ONCE),
    3,
    'How many layers of one image are downloaded at once.'
  ),
  parallel_unpacks: F.withDefault(K.whole(1, MAX_AT_ONCE), 6, 'How many layers are unpacked at once, of all images.'),
  require_login: F.withDefault(
    K.flag,
    false,
    "Whether the registry is asked before an image that is already here is used, with the task's own login: a task that may not pull it may not run it."
  ),
  verifier: F.optional(
    K.block(verifierFields),
    'Programs of the operator\'s that have to let an image in, as containerd calls them (`docs/registries.md`): before anything of it is fetched, and each time that a task is to run it.'
  )
} as const satisfies F.Fields
