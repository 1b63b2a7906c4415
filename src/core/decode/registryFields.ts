import { says } from '../field/About'
import * as F from '../field/Field'
import * as K from '../field/Kind'

const auth = {
  username: F.optional(K.text, 'User name at the registry of `server_address`.'),
  password: F.optional(K.hidden, 'Password or token. Never shown.'),
  server_address: F.optional(
    K.text,
    'The registry that the login is for, and the only one that it is sent to. A login needs it.'
  ),
  config: F.optional(
    K.path,
    'Path of a docker `config.json` with logins and helpers, for registries and mirrors: `auths`, `credHelpers`, and `credsStore` for what stands in `auths`. Read at every pull.'
  ),
  helper: F.optional(
    K.text,
    'Name of a docker credential helper, `docker-credential-<name>`, for the registry of `server_address` and no other.'
  )
}

const registry = {
  config_path: F.withDefault(
    K.path,
    '/etc/containerd/certs.d',
    'Directory of containerd\'s `hosts.toml` files, one below it for each registry, and `_default`: mirrors, certificates, headers.'
  )
}

/** How an operator lets registries be asked: options of the plugin. */
export const registryFields = {
  auth: F.optional(
    K.block(auth),
    says('Login at one registry, for tasks that have no `auth` of their own.', ['fetch.auth'], {
      example: 'auth { username = "bob", password = "…", server_address = "docker.io" }'
    })
  ),
  registry: F.usualBlock(
    K.block(registry),
    says('How registries are reached.', ['fetch.hosts'], {
      example: 'registry { config_path = "/etc/containerd/certs.d" }'
    })
  ),
  image_pull_timeout: F.withDefault(
    K.duration,
    '5m',
    says('How long a pull may take for tasks that set no `image_pull_timeout`.', ['fetch.timeoutMs'], {
      example: 'image_pull_timeout = "15m"'
    })
  ),
  pull_activity_timeout: F.withDefault(
    K.duration,
    '2m',
    says(
      'How long a registry may send nothing, or less than 1 KiB a second, before a pull is given up; Nomad tries again.',
      ['fetch.silenceMs'],
      { example: 'pull_activity_timeout = "5m"' }
    )
  )
} as const satisfies F.Fields
