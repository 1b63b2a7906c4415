import { Change } from '../../core/diff/Change'
import { DocumentPath, inJobFile, pathText, readPath, Step } from '../../core/domain/DocumentPath'
import { Issue } from '../../core/domain/Issue'
import { member } from '../../core/domain/Json'

/**
 * The option that a change names itself: that of an issue, or the attribute of the job. Undefined where the option has
 * to be found by compiling without it; none for what is not there on the side that is asked. `issues` are those of that
 * side: of the other one a text may be all that is left.
 */
export const optionSaid = (
  { key, before, after }: Change, issues: ReadonlyArray<Issue>
): ReadonlyArray<DocumentPath> | undefined => {
  if (key.startsWith('/issues/') || key.startsWith('/left/')) {
    const text = member(after ?? before, 'at') ?? member(after ?? before, 'option')
    if (typeof text !== 'string') return []
    return [issues.find(({ at }) => pathText(at) === text)?.at ?? readPath(text)]
  }
  return key.startsWith('/job/') ? [attributeOf(key)] : undefined
}

/** Blocks whose items have names that are no labels: the block is what people wrote. */
const BY_VALUE = ['volume_mount', 'template', 'artifact', 'service', 'identity']

/** `/job/group/network/port/ssh` as `network.port.ssh`. */
const attributeOf = (key: string): DocumentPath => {
  const [, , owner = '', ...steps] = key.split('/')
  const [block = '', ...rest] = steps
  if (owner === 'job' || BY_VALUE.includes(block)) return inJobFile(block)
  return inJobFile(...[block, ...rest].map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')))
}

const OF_RESOURCES: ReadonlyArray<readonly [RegExp, DocumentPath]> = [
  [/\/memory/, inJobFile('resources', 'memory')],
  [/\/cpu\/(?:cpus|mems)|cgroupsPath/, inJobFile('resources', 'cores')],
  [/\/cpu\//, inJobFile('resources', 'cpu')],
  [/\/ports/, inJobFile('network', 'port')]
]

const WRITTEN: ReadonlyMap<Step | undefined, DocumentPath> = new Map([
  ['dns', inJobFile('network', 'dns')],
  ['networkIsolationSpec', inJobFile('network')],
  ['mounts', inJobFile('volume_mount')]
])

/** What Nomad makes of a job has names of its own: the option is the one that people wrote. */
export const writtenAs = (at: DocumentPath, key: string): DocumentPath => {
  const { document, path } = at
  if (document !== 'allocation') return at
  const [first] = path
  if (first === 'env' || first === 'user') return inJobFile(...path)
  return first === 'resources'
    ? (OF_RESOURCES.find(([place]) => place.test(key))?.[1] ?? inJobFile('resources'))
    : (WRITTEN.get(first) ?? at)
}
