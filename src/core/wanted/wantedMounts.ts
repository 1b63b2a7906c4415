import { MountConfig, TaskConfig } from '../decode/TaskConfig'
import { DocumentPath, inTask, under } from '../domain/DocumentPath'
import { Entry } from '../field/Parsed'
import { Volume, wordsIn } from '../value/Volume'

/** A mount that the job asks for, in whichever of its three ways. `at` names the option, and the two parts of it. */
export interface WantedMount {
  readonly at: Readonly<Record<'whole' | 'source' | 'target' | 'options', DocumentPath>>
  readonly type: MountConfig['type']
  readonly source: string
  readonly target: string
  readonly options: ReadonlyArray<string>
}

/** Every mount of a task: blocks first, then `volumes`, then `tmpfs`. */
export const wantedMounts = ({
  mounts = [],
  volumes = [],
  tmpfs = []
}: Partial<TaskConfig>): ReadonlyArray<WantedMount> => [
  ...mounts.map(fromBlock),
  ...volumes.map(fromShort),
  ...tmpfs.map((text, index) => fromTmpfs(text, inTask('tmpfs', index)))
]

const fromBlock = (mount: MountConfig, index: number): WantedMount => {
  const whole = inTask('mounts', index)
  const { type, source, target, bind_options: bind, tmpfs_options: tmpfs } = mount
  const options = [
    // Words that mean nothing here; runc would hand them to the file system.
    ...mount.options.filter((option) => !WITHOUT_MEANING.includes(option)),
    ...(mount.readonly && !mount.options.some(isReadonly) ? ['ro'] : []),
    ...(bind?.propagation === undefined ? [] : [bind.propagation]),
    ...(tmpfs?.size === undefined ? [] : [`size=${String(tmpfs.size)}`]),
    ...(tmpfs?.mode === undefined ? [] : [`mode=${tmpfs.mode.toString(8)}`])
  ]
  return {
    at: { whole, source: under(whole, 'source'), target: under(whole, 'target'), options: under(whole, 'options') },
    type,
    source,
    target,
    options
  }
}

export const isReadonly = (option: string): boolean => option === 'ro' || option === 'rro'

const all = (at: DocumentPath): WantedMount['at'] => ({ whole: at, source: at, target: at, options: at })

const fromShort = ({ place, value: { source, target, options } }: Entry<Volume>): WantedMount => ({
  at: all(inTask('volumes', place)),
  type: 'bind',
  source,
  target,
  options: options.filter((option) => !WITHOUT_MEANING.includes(option))
})

/**
 * Words of Docker's short syntax that name what never happens here (copying up) or that a notice tells (relabelling).
 */
const WITHOUT_MEANING: ReadonlyArray<string> = ['nocopy', 'z', 'Z', 'consistent', 'cached', 'delegated', 'defaults']

// Docker's own for `--tmpfs`, each unless its opposite is written.
const DOCKERS: ReadonlyArray<readonly [string, string]> = [['noexec', 'exec'], ['nosuid', 'suid'], ['nodev', 'dev']]

const withDockers = (options: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...DOCKERS.filter(([own, opposite]) => !options.includes(own) && !options.includes(opposite)).map(([own]) => own),
  ...options
]

const fromTmpfs = (text: string, at: DocumentPath): WantedMount => {
  const colon = text.indexOf(':')
  const [target, options] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
  return { at: all(at), type: 'tmpfs', source: '', target, options: withDockers(wordsIn(options)) }
}

/** Whether options say how to bind: the directory alone, or with what is mounted below it. */
export const saysBind = (options: ReadonlyArray<string>): boolean =>
  options.some((option) => option === 'bind' || option === 'rbind')
