import { inImage } from '../domain/DocumentPath'
import { Notice } from '../domain/Notice'
import { clean, isAbsolute } from '../domain/path'
import { numberOf } from '../domain/Signal'
import { HostFacts } from '../facts/Facts'
import { ImageConfig } from '../image/ImageConfig'
import { isNative } from '../image/Platform'
import { nameIn } from './env'
import { Request } from './Request'

type Host = Pick<HostFacts, 'architecture'> | undefined

/**
 * What is odd in the config of an image and runs all the same, as far as the job leaves it in force; and what the host
 * cannot run by itself. Nothing is said of a host that nobody looked at.
 */
export const imageNotices = (
  { task }: Pick<Request, 'task'>, config: ImageConfig, host: Host
): ReadonlyArray<Notice> => [
  ...namelessVariables(config),
  ...(task.cwd === undefined ? uncleanDirectory(config) : []),
  ...unknownSignal(config),
  ...(task.platform === undefined ? otherArchitecture(config, host) : [])
]

const namelessVariables = ({ env }: ImageConfig): ReadonlyArray<Notice> =>
  env.some((line) => nameIn(line) === '')
    ? [Notice(inImage('config', 'Env'), 'has an entry without a name (`=…`): it is left out')]
    : []

const uncleanDirectory = ({ cwd }: ImageConfig): ReadonlyArray<Notice> => {
  const path = cwd === '/' ? cwd : cwd.replace(/\/$/, '')
  return isAbsolute(path) && path !== clean(path)
    ? [Notice(inImage('config', 'WorkingDir'), `has \`.\`, \`..\` or slashes too many: taken as ${clean(path)}`)]
    : []
}

const unknownSignal = ({ stopSignal }: ImageConfig): ReadonlyArray<Notice> =>
  stopSignal === '' || numberOf(stopSignal) !== undefined
    ? []
    : [Notice(inImage('config', 'StopSignal'), NO_SIGNAL)]

const NO_SIGNAL = 'is no signal: SIGTERM ends the task, unless the job has a `kill_signal`'

const otherArchitecture = ({ architecture }: ImageConfig, host: Host): ReadonlyArray<Notice> =>
  host === undefined || architecture === '' || isNative(architecture, host.architecture)
    ? []
    : [
        Notice(
          inImage('architecture'),
          `is ${architecture.slice(0, MAX_NAME)}, and this host is ${host.architecture}: ${EMULATOR}`
        )
      ]

const MAX_NAME = 40
const EMULATOR =
  'its program starts only where binfmt_misc has an emulator for it ("exec format error" otherwise); `platform` names the one that is wanted'
