import { inTask } from '../domain/DocumentPath'
import { matches, matchesAny } from '../domain/glob'
import { isIdentifier } from '../domain/identifier'
import { Issue } from '../domain/Issue'
import { clean, isAbsolute } from '../domain/path'
import { isSameRegistry } from '../image/ImageReference'
import { byPolicy, Decoded, Refusals } from './Decoded'

/** Platform, pull, login, runtime and snapshotter. */
export const image = (decoded: Decoded): Refusals => [
  ...platform(decoded),
  ...pull(decoded),
  ...timeout(decoded),
  ...login(decoded),
  ...runtime(decoded),
  ...snapshotter(decoded)
]

const PLATFORM = /^linux\/[a-z0-9]+(?:\/[a-z0-9]+)?$/

const platform = ({ task: { platform: text } }: Decoded): Refusals =>
  text === undefined || PLATFORM.test(text)
    ? []
    : [Issue('BadValue', inTask('platform'), text, 'must be `linux/<architecture>[/<variant>]`, such as "linux/arm64"')]

const pull = ({ task }: Decoded): Refusals =>
  task.force_pull === true && task.pull_policy !== undefined && task.pull_policy !== 'always'
    ? [
        Issue(
          'Conflict',
          inTask('force_pull'),
          true,
          `contradicts \`pull_policy = "${task.pull_policy}"\``,
          'keep one of them'
        )
      ]
    : []

const MS = 1000

// A task that says nothing gets what the operator allows: only one that asks for more is refused.
const timeout = ({ task: { image_pull_timeout: asked }, plugin: { images } }: Decoded): Refusals => {
  const most = images?.max_pull_timeout
  return asked === undefined || most === undefined || asked <= most
    ? []
    : [
        byPolicy(
          inTask('image_pull_timeout'),
          `${String(asked / MS)}s`,
          'images.max_pull_timeout',
          `allows at most ${String(most / MS)}s`
        )
      ]
}

// A login that is sent to whatever registry the image names is given away by a mistyped image.
const login = ({ task: { auth, image: reference } }: Decoded): Refusals => {
  if (auth?.server_address === undefined || reference === undefined) return []
  const { registry } = reference.value
  if (isSameRegistry(registry, auth.server_address)) return []
  const reason = `is not the image's registry, ${registry}`
  const at = inTask('auth', 'server_address')
  return [Issue('Conflict', at, auth.server_address, reason, 'leave it out, or name that one')]
}

const snapshotter = ({ task: { snapshotter: name }, policy: { snapshotters } }: Decoded): Refusals => {
  if (name === undefined) return []
  if (!isIdentifier(name))
    return [Issue('BadValue', inTask('snapshotter'), name, 'is no name of a snapshotter, such as "overlayfs"')]
  return matchesAny(snapshotters, name)
    ? []
    : [byPolicy(inTask('snapshotter'), name, 'allow_snapshotters', 'does not list it')]
}

/**
 * Whether a pattern names a runtime. containerd reads a name from its end, so `*` stands for one part of it, or of a
 * path.
 */
const names = (pattern: string, runtime: string): boolean => {
  const separator = isAbsolute(runtime) ? '/' : '.'
  const [asked, given] = [pattern.split(separator), runtime.split(separator)]
  return (
    pattern === '*'
    || (asked.length === given.length && asked.every((part, index) => matches(part, given[index] ?? '')))
  )
}

/** How containerd names runtimes; a path names the shim itself. */
export const RUNTIME = /^(?:[a-zA-Z0-9]+(?:[._-][a-zA-Z0-9]+)*|\/[^\0]+)$/

const runtime = ({ task: { runtime: wanted }, policy: { runtimes } }: Decoded): Refusals => {
  const at = inTask('runtime')
  if (wanted === undefined) return []
  if (!RUNTIME.test(wanted)) {
    return [Issue('BadValue', at, wanted, 'is no name of a containerd runtime, such as "io.containerd.runc.v2"')]
  }
  if (isAbsolute(wanted) && clean(wanted) !== wanted)
    return [Issue('BadValue', at, wanted, 'must be a path without `.`, `..` and slashes too many')]
  return runtimes.some((pattern) => names(pattern, wanted))
    ? []
    : [byPolicy(at, wanted, 'allow_runtimes', 'does not list it')]
}
