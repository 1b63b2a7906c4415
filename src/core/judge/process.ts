import { neutral, tightens, unknown, weakens } from '../diff/Change'
import { isJsonList, isJsonRecord, Json, member } from '../domain/Json'
import { always, closes, guard, opens, Rule, Rules, sameItems, text, within } from './Rule'

const id = (value: Json | undefined): number => (typeof value === 'number' ? value : 0)

/** Without a number it is root. */
const who: Rule = ({ before, after }) => {
  if (typeof after === 'string') return unknown(`${after} may be root`)
  if (id(before) === id(after)) return neutral('the same user')
  if (id(after) === 0) return weakens('root now')
  return id(before) === 0 ? tightens('root before') : unknown('another user')
}

/** The bits of a mask are what new files do not grant. */
const umask: Rule = ({ before, after }) => {
  const [was, is] = [bits(before), bits(after)]
  if (was === is) return neutral('the same mask')
  return (was & ~is) === 0 ? tightens('new files grant less') : weakens('new files grant more')
}

const bits = (value: Json | undefined): number => (typeof value === 'number' ? value : 0o022)

const hard = (limit: Json | undefined): number | bigint => {
  const value = member(limit, 'hard')
  return typeof value === 'number' || typeof value === 'bigint' ? value : Infinity
}

/** RLIM_INFINITY of Linux. */
const NO_LIMIT = 2n ** 64n - 1n

const rlimit: Rule = ({ kind, before, after }) => {
  if (kind === 'added') return unknown('the runtime gave its own before', 'resources')
  if (kind === 'removed') return unknown('the runtime gives its own', 'resources')
  if (hard(after) > hard(before))
    return hard(after) >= NO_LIMIT
      ? weakens('the hard limit is gone')
      : weakens('the hard limit is higher', 'resources')
  if (hard(after) < hard(before)) return tightens('the hard limit is lower', 'resources')
  return neutral('only the soft limit, which the program may set itself', 'resources')
}

/** Without a number the process has the score of what started it. */
const oomScore: Rule = ({ kind, before, after }) => {
  if (id(after) === id(before) || (kind === 'removed' && id(before) < 0))
    return unknown('it has the score of what started it', 'resources')
  return id(after) < id(before)
    ? weakens('killed later than others when memory is short', 'resources')
    : tightens('killed earlier when memory is short', 'resources')
}

/** `unconfined` may stand in a name space of profiles, or after others. */
const isFree = (profile: string): boolean => profile === '' || profile === 'unconfined'
const mayBeFree = (profile: string): boolean => profile === '' || /(?:^|[:/&])unconfined(?:$|[ :/&])/.test(profile)

const apparmor: Rule = ({ before, after }) => {
  const [was, is] = [text(before), text(after)]
  if (isFree(was) && isFree(is)) return neutral('unconfined by AppArmor as before')
  if (mayBeFree(is)) return weakens('no AppArmor profile any more')
  return mayBeFree(was) ? tightens('an AppArmor profile') : unknown('another AppArmor profile')
}

const isUnconfined = (label: string): boolean =>
  label === '' || /:(?:spc|unconfined|unconfined_service|kernel|init|initrc|container_runtime)_t:/.test(`${label}:`)

const selinux: Rule = ({ before, after }) => {
  const [was, is] = [text(before), text(after)]
  if (isUnconfined(was) && isUnconfined(is)) return neutral('unconfined by SELinux as before')
  if (isUnconfined(is)) return weakens('no SELinux confinement any more')
  return isUnconfined(was) ? tightens('confined by SELinux') : unknown('another SELinux label')
}

/** runc has opened files of the host there before it starts the process (CVE-2024-21626). */
const cwd: Rule = ({ after }) =>
  /^\/+proc(?:\/|$)/.test(text(after)) ? unknown('a working directory in /proc has led to the host before') : SAME_WALLS

/** A runtime or hook for devices reads these. */
const env: Rule = ({ key }) =>
  /\/NVIDIA_[^/]*$/.test(key) ? unknown('a runtime or hook may give devices for it') : SAME_WALLS

const SAME_WALLS = neutral('another program or setting inside the same walls', 'program')

/** All sets at once: without any, the runtime says what the process has. */
const capabilities: Rule = ({ after }) =>
  isJsonRecord(after) && Object.values(after).some((set) => isJsonList(set) && set.length > 0)
    ? weakens('capabilities are new')
    : unknown('which capabilities it has is up to the runtime')

/** What is known of `process` of a spec. */
export const process: Rules = {
  'spec/process/args': always(SAME_WALLS),
  'spec/process/cwd': cwd,
  'spec/process/env': sameItems('the variables'),
  'spec/process/env/*': env,
  'spec/process/terminal': always(neutral('a terminal or pipes', 'program')),
  'spec/process/user/uid': who,
  'spec/process/user/gid': who,
  'spec/process/user/umask': umask,
  'spec/process/user/additionalGids': sameItems('the groups'),
  'spec/process/user/additionalGids/*': opens('a group'),
  'spec/process/noNewPrivileges': guard('set-user-id programs gain nothing', 'set-user-id programs gain rights'),
  'spec/process/oomScoreAdj': oomScore,
  'spec/process/apparmorProfile': apparmor,
  'spec/process/selinuxLabel': selinux,
  'spec/process/rlimits': sameItems('the limits'),
  'spec/process/rlimits/*': within(['type', 'soft', 'hard'], rlimit),
  'spec/process/capabilities': capabilities,
  ...Object.fromEntries(['bounding', 'effective', 'permitted', 'inheritable', 'ambient'].flatMap((set) => [
    [`spec/process/capabilities/${set}`, sameItems('the capabilities')],
    [`spec/process/capabilities/${set}/*`, opens(`a capability (${set})`)]
  ])),
  'spec/linux/maskedPaths': sameItems('the paths'),
  'spec/linux/maskedPaths/*': closes('a mask over a path'),
  'spec/linux/readonlyPaths': sameItems('the paths'),
  'spec/linux/readonlyPaths/*': closes('the write protection of a path')
}
