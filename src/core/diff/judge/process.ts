import { Json, member } from '../../domain/Json'
import { neutral, tightens, unknown, weakens } from '../Change'
import { always, closes, guard, opens, Rule, Rules, text } from './Rule'

const who: Rule = ({ before, after }) =>
  after === 0 || after === undefined
    ? weakens('root now')
    : before === 0 || before === undefined ? tightens('root before') : unknown('another user')

/** The bits of a mask are what new files do not grant. */
const umask: Rule = ({ before, after }) => {
  const [was, is] = [bits(before), bits(after)]
  return (was & ~is) === 0 ? tightens('new files grant less') : weakens('new files grant more')
}

const bits = (value: Json | undefined): number => (typeof value === 'number' ? value : 0o022)

const hard = (limit: Json | undefined): number => {
  const value = member(limit, 'hard')
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Infinity
}

const rlimit: Rule = ({ kind, before, after }) => {
  if (kind === 'added') return unknown('the runtime gave its own before')
  if (kind === 'removed') return unknown('the runtime gives its own')
  return hard(after) > hard(before) ? weakens('the hard limit is higher') : hard(after) < hard(before) ? tightens('the hard limit is lower') : neutral('only the soft limit, which the program may set itself')
}

const oomScore: Rule = ({ before, after }) =>
  score(after) < score(before) ? weakens('killed later than others when memory is short') : tightens('killed earlier when memory is short')

const score = (value: Json | undefined): number => (typeof value === 'number' ? value : 0)

const isFree = (profile: string): boolean => profile === '' || profile === 'unconfined'

const apparmor: Rule = ({ before, after }) => {
  const [was, is] = [text(before), text(after)]
  if (isFree(was) && isFree(is)) return neutral('unconfined by AppArmor as before')
  return isFree(is) ? weakens('no AppArmor profile any more') : isFree(was) ? tightens('an AppArmor profile') : unknown('another AppArmor profile')
}

const isUnconfined = (label: string): boolean => label === '' || /:(?:spc_t|unconfined_t):/.test(`${label}:`)

const selinux: Rule = ({ before, after }) => {
  const [was, is] = [text(before), text(after)]
  if (isUnconfined(was) && isUnconfined(is)) return neutral('unconfined by SELinux as before')
  return isUnconfined(is) ? weakens('no SELinux confinement any more') : isUnconfined(was) ? tightens('confined by SELinux') : unknown('another SELinux label')
}

const SAME_WALLS = neutral('another program or setting inside the same walls')

/** What is known of `process` of a spec. */
export const process: Rules = {
  'spec/process/args': always(SAME_WALLS),
  'spec/process/cwd': always(SAME_WALLS),
  'spec/process/env': always(SAME_WALLS),
  'spec/process/env/*': always(SAME_WALLS),
  'spec/process/terminal': always(neutral('a terminal or pipes')),
  'spec/process/user/uid': who,
  'spec/process/user/gid': who,
  'spec/process/user/umask': umask,
  'spec/process/user/additionalGids': always(neutral('the groups are the same')),
  'spec/process/user/additionalGids/*': opens('a group'),
  'spec/process/noNewPrivileges': guard('set-user-id programs gain nothing', 'set-user-id programs gain rights'),
  'spec/process/oomScoreAdj': oomScore,
  'spec/process/apparmorProfile': apparmor,
  'spec/process/selinuxLabel': selinux,
  'spec/process/rlimits': always(neutral('the limits are the same')),
  'spec/process/rlimits/*': rlimit,
  ...Object.fromEntries(['bounding', 'effective', 'permitted', 'inheritable', 'ambient'].flatMap((set) => [
    [`spec/process/capabilities/${set}`, always(neutral('the capabilities are the same'))],
    [`spec/process/capabilities/${set}/*`, opens(`a capability (${set})`)]
  ])),
  'spec/linux/maskedPaths': always(neutral('the paths are the same')),
  'spec/linux/maskedPaths/*': closes('a mask over a path'),
  'spec/linux/readonlyPaths': always(neutral('the paths are the same')),
  'spec/linux/readonlyPaths/*': closes('the write protection of a path')
}
