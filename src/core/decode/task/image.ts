import { ARGUMENT_BYTES, ITEMS } from '../../domain/ceilings'
import { says } from '../../field/About'
import * as F from '../../field/Field'
import * as K from '../../field/Kind'
import { pathText } from '../../field/pathKind'
import { imageReference } from '../../value/kinds'

const auth = {
  username: F.required(K.text, 'User name at the registry.'),
  password: F.required(K.hidden, 'Password or token at the registry. Never shown.'),
  server_address: F.optional(K.text, "Registry that the login is for. It must be the image's.")
}

/** Which image, from where, and on what it runs. */
export const image = {
  image: F.required(
    imageReference,
    says(
      'OCI image to run.',
      [
        'container.image',
        'fetch.policy',
        'container.runtime.options.ioUid',
        'container.runtime.options.ioGid',
        'spec.process',
        'stop',
        'fetch.name',
        'fetch.auth'
      ],
      {
        example: 'image = "docker.io/library/redis:7"'
      }
    )
  ),
  image_pull_timeout: F.optional(
    K.duration,
    says(
      "How long a pull of the image may take before it is cancelled. The operator's when left out.",
      ['fetch.timeoutMs'],
      { policy: ['image_pull_timeout', 'images.max_pull_timeout'], example: 'image_pull_timeout = "10m"' }
    )
  ),
  pull_policy: F.optional(
    K.word(['always', 'missing', 'never']),
    says(
      'When the image is pulled: at every start, when it is not here, or never. When left out it is `missing`, and `always` for `:latest` or no tag.',
      ['fetch.policy'],
      { example: 'pull_policy = "never"' }
    )
  ),
  load: F.optional(
    K.text,
    says(
      'Archive with the image (`docker save`, or an OCI layout as tar), as a path in the `local` directory of the task: from an `artifact`. Nothing is pulled.',
      ['fetch', 'container.image'],
      { policy: ['images.allow'], example: 'load = "redis.tar"' }
    )
  ),
  force_pull: F.withDefault(
    K.flag,
    false,
    says('The docker driver\'s word for `pull_policy = "always"`.', ['fetch.policy'], {
      example: 'force_pull = true'
    })
  ),
  platform: F.optional(
    K.text,
    says(
      "Platform of the image, as `os/architecture[/variant]`. The host's when left out.",
      ['fetch.platform', 'container.image'],
      {
        since: "another architecture than the host's needs an emulator in binfmt_misc",
        example: 'platform = "linux/arm64"'
      }
    )
  ),
  snapshotter: F.optional(
    K.text,
    says(
      "Snapshotter of the root file system. The operator's when left out.",
      ['container.snapshotter', 'fetch.snapshotter'],
      {
        policy: ['snapshotter', 'allow_snapshotters'],
        example: 'snapshotter = "native"'
      }
    )
  ),
  runtime: F.optional(
    pathText,
    says("containerd runtime of the task. The operator's `containerd_runtime` when left out.", ['container.runtime'], {
      policy: ['containerd_runtime', 'allow_runtimes'],
      example: 'runtime = "io.containerd.kata.v2"'
    })
  ),
  auth: F.optional(
    K.block(auth, { email: 'registries do not ask for it: leave it out' }),
    says('Login at the registry of the image.', ['fetch.auth'], {
      policy: ['auth'],
      example: 'auth = { username = "bob", password = "…" }'
    })
  ),
  auth_soft_fail: F.withDefault(
    K.flag,
    false,
    says('Pull without a login when the login fails.', ['fetch.auth'], { example: 'auth_soft_fail = true' })
  ),
  labels: F.orEmpty(
    K.textMap,
    {},
    says('Labels of the container record. Names of other tools are refused.', ['container.labels'], {
      example: 'labels = { team = "web" }'
    })
  ),
  annotations: F.orEmpty(
    K.textMapOf(ARGUMENT_BYTES, ITEMS),
    {},
    says('Annotations of the spec, which runtimes may read. Names of other tools are refused.', ['spec.annotations'], {
      example: 'annotations = { "example.com/tier" = "gold" }'
    })
  )
} as const satisfies F.Fields
