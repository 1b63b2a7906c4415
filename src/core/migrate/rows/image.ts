import * as E from 'fp-ts/Either'

import { reservedFor } from '../../domain/labels'
import * as ImageReference from '../../image/ImageReference'
import { equal, Judge, missing, Row, Rows } from './Row'
import { Converted, Differs, EQUAL, Missing, Nearly, Needless, Verdict } from './Verdict'

const isText = (value: unknown): value is string => typeof value === 'string'

// The docker driver cuts the scheme off, and pulls `latest` at every start, as it is here.
const image: Judge = (value) => {
  if (!isText(value)) return EQUAL
  const name = value.replace(/^https:\/\//, '')
  if (/^(?:sha256:)?[0-9a-f]{12,64}$/.test(name))
    return Differs('it looks like an image id of a dockerd: write the name of an image')
  return name === value ? EQUAL : Converted('without the scheme', [{ name: 'image', value: name }])
}

const FIELDS_OF_LOGIN = ['username', 'password']

/** A login of either driver. */
export const auth: Judge = (value) => {
  const given = (Array.isArray(value) ? value[0] : value) as Readonly<Record<string, unknown>> | undefined
  const absent = FIELDS_OF_LOGIN.filter((name) => given === undefined || !Object.hasOwn(given, name))
  return absent.length === 0
    ? EQUAL
    : Missing(
        `a login needs user and password, and it has no \`${absent.join('` and no `')}\`: write both, or leave it to the operator's \`auth\``
      )
}

const server: Judge = (value, { config }) => {
  const parsed = isText(config['image']) ? ImageReference.parse(config['image'].replace(/^https:\/\//, '')) : undefined
  return parsed === undefined
    || E.isLeft(parsed)
    || !isText(value)
    || ImageReference.isSameRegistry(parsed.right.registry, value)
    ? EQUAL
    : Needless("it is not the image's registry, which alone gets the login, as with dockerd")
}

/** A label of either driver. */
export const label = (name: string): Row => {
  const space = reservedFor(name)
  return space === undefined
    ? equal('labels')
    : missing(`lies in the name space of another tool, \`${space}\`: use a name of your own`)
}

const RUNTIMES: Readonly<Record<string, string>> = {
  runsc: 'io.containerd.runsc.v1',
  kata: 'io.containerd.kata.v2',
  'kata-runtime': 'io.containerd.kata.v2'
}

const nvidia = (hasDevices: boolean): Verdict =>
  hasDevices
    ? Missing('GPUs are CDI devices: add "nvidia.com/gpu=all" to `devices`, as a list of texts')
    : Nearly(
        'GPUs are CDI devices: the host needs their CDI files, and `NVIDIA_VISIBLE_DEVICES` chooses none of them',
        [{ name: 'devices', value: ['nvidia.com/gpu=all'] }]
      )

const runtime: Judge = (value, { names }) => {
  if (!isText(value)) return EQUAL
  const name = RUNTIMES[value]
  if (value === 'runc') return Needless("the operator's default is runc")
  if (value === 'nvidia') return nvidia(names.has('devices'))
  if (name !== undefined)
    return Converted(`here it is \`${name}\`, which the operator must allow (\`allow_runtimes\`)`, [
      { name: 'runtime', value: name }
    ])
  return value === '' || value.startsWith('io.containerd.')
    ? EQUAL
    : Missing(`\`${value}\` is a name of dockerd's: write containerd's, such as \`io.containerd.runc.v2\``)
}

/** Image, pull, login, labels and runtime. */
export const imageRows: Rows = {
  image: equal(
    'image',
    'No `https://` in front, no image id. `latest`, or no tag, is pulled at every start, as with dockerd.',
    { judge: image }
  ),
  force_pull: equal('force_pull', 'Equal. `pull_policy` knows `never` too.'),
  image_pull_timeout: equal('image_pull_timeout'),
  load: equal('load', 'Equal: a path in `local`. Here the image is the task\'s own, and goes with it.'),
  auth: equal('auth', 'User and password are required, both.', {
    judge: auth,
    rows: {
      username: equal('auth.username'),
      password: equal('auth.password'),
      server_address: equal('auth.server_address', "It must be the image's registry. The login is sent nowhere else.", {
        judge: server
      }),
      email: missing('Registries do not ask for it.', { judge: () => Needless('registries do not ask for it') })
    }
  }),
  auth_soft_fail: equal('auth_soft_fail'),
  labels: equal('labels', 'On the container record. Names of other tools are refused.', { each: label }),
  runtime: {
    usual: 'Converted',
    here: ['runtime'],
    says: "A name of containerd's: `io.containerd.runc.v2`, not `runc`.",
    judge: runtime
  }
}
