import * as E from 'fp-ts/Either'

import * as ImageReference from '../../image/ImageReference'
import * as LocalSource from '../../image/LocalSource'
import { equal, Judge, Row } from './Row'
import { Beside, Converted, Differs, EQUAL, Missing } from './Verdict'

/** Whether a name has its registry in front: a host with a dot or a port, or localhost. */
const hasRegistry = (name: string): boolean => /^(?:localhost|[^/]*[.:][^/]*)\//.test(name)

const SHORT =
  "a short name: podman looks for it where its host's registries.conf says, and here it is one of docker.io: write it with its registry"

const isLatest = (name: string): boolean => {
  const parsed = ImageReference.parse(name)
  return E.isRight(parsed) && ImageReference.isLatest(parsed.right)
}

const NO_HOST =
  'no file of the host is read: bring it with an `artifact`, and write its path in the directory of the task'

/** Whether a path is the task's, as it has it in its container, or with a variable of Nomad's in front. */
const isOfTask = (path: string): boolean => !path.startsWith('/') || /^\/(?:local|secrets|alloc)\//.test(path)

const LATEST = '`latest` is pulled at every start here, unless `pull_policy` is "missing", which is added'

const MISSING = [{ name: 'pull_policy', value: 'missing' }]

const judge: Judge = (value, { config }) => {
  if (typeof value !== 'string') return EQUAL
  const archive = LocalSource.parse(value)
  if (archive !== undefined) return E.isRight(archive) && isOfTask(archive.right.path) ? EQUAL : Missing(NO_HOST)
  const name = value.replace(/^docker:\/\//, '')
  // podman pulls what is not here, whatever it is called.
  const pulls = isLatest(name) && config['force_pull'] === undefined ? MISSING : []
  if (name !== value) return Converted('without the transport', [{ name: 'image', value: name }, ...pulls])
  if (!hasRegistry(name)) return Differs(SHORT)
  return pulls.length > 0 ? Beside(LATEST, pulls) : EQUAL
}

/** The image of a podman task, which names the way it comes, and may leave its registry to the host. */
export const image: Row = equal(
  'image',
  'No `docker://` in front; an archive lies in the directory of the task. For `latest`, or no tag, `pull_policy = "missing"` is added. A short name is one of docker.io, whatever registries.conf says.',
  { judge }
)
