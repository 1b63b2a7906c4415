import { equal, Judge, Row } from './Row'
import { Converted, Differs, EQUAL, Missing } from './Verdict'

/** Whether a name has its registry in front: a host with a dot or a port, or localhost. */
const hasRegistry = (name: string): boolean => /^(?:localhost|[^/]*[.:][^/]*)\//.test(name)

const SHORT =
  "a short name: podman looks for it where its host's registries.conf says, and here it is one of docker.io: write it with its registry"

const judge: Judge = (value) => {
  if (typeof value !== 'string') return EQUAL
  if (/^(?:oci|docker)-archive:/.test(value))
    return Missing('images come from a registry here, or from `ctr -n nomad image import`: write the name of one')
  const name = value.replace(/^docker:\/\//, '')
  if (name !== value) return Converted('without the transport', [{ name: 'image', value: name }])
  return hasRegistry(name) ? EQUAL : Differs(SHORT)
}

/** The image of a podman task, which names the way it comes, and may leave its registry to the host. */
export const image: Row = equal(
  'image',
  'No `docker://` in front, no archive. A short name is one of docker.io, whatever registries.conf says.',
  { judge }
)
