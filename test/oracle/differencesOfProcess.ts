import { accountOf, behind, membershipsOf } from './accounts'
import { byCodeUnits, Difference, inLinux, inProcess } from './Difference'
import { nameOf } from './names'
import { Json } from './Oracle'
import { map, text } from './said'

export const ociVersion: Difference = {
  name: 'oci-version',
  reason: 'The lowest version of the runtime spec that has every field in use: a runtime older than the spec may refuse it. containerd writes 1.3.0 always.',
  shownBy: {},
  apply: (theirs) => ({ ...theirs, ociVersion: versionOf(theirs) })
}

const RECURSIVE = /^r(?:ro|rw|(?:no)?(?:suid|dev|exec|atime|diratime|relatime|strictatime|symfollow))$/

// ChangeLog of the runtime spec: what came with 1.1.0.
const versionOf = ({ domainname, mounts, linux: { resources, seccomp } }: Json): string =>
  domainname !== undefined || resources.unified !== undefined ||
  (seccomp?.syscalls ?? []).some((rule: Json) => rule.errnoRet !== undefined) ||
  mounts.some((mount: Json) => (mount.options ?? []).some((option: string) => RECURSIVE.test(option)))
    ? '1.1.0'
    : '1.0.2'

const nameIn = (line: string): string => line.split('=')[0] ?? ''

const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export const path: Difference = {
  name: 'default-path',
  reason: 'A PATH also for an image that has an environment without one, as in Docker: containerd gives one only to an image without any environment.',
  shownBy: { image: { config: { env: ['LANG=C'] } } },
  apply: (theirs) => inProcess(theirs, ({ env }) => (env.some((line: string) => nameIn(line) === 'PATH') ? {} : { env: [...env, DEFAULT_PATH] }))
}

export const term: Difference = {
  name: 'term-of-the-image',
  reason: "With a terminal the image's own TERM is kept, as in Docker: containerd's WithTTY writes `TERM=xterm` over it.",
  shownBy: { task: { tty: true }, image: { config: { env: ['TERM=vt100'] } } },
  apply: (theirs, { image, allocation }) => {
    const own = image.config.env.findLast((line) => nameIn(line) === 'TERM')
    return theirs.process.terminal !== true || own === undefined || 'TERM' in map(allocation, 'env')
      ? theirs
      : inProcess(theirs, ({ env }) => ({ env: [...env, own] }))
  }
}

export const environment: Difference = {
  name: 'environment-sorted',
  reason: 'The environment is sorted by name and has each name once, the last one: equal tasks make equal bytes.',
  shownBy: { allocation: { env: { NOMAD_ALLOC_DIR: '/alloc', NOMAD_TASK_DIR: '/local', NOMAD_SECRETS_DIR: '/secrets', A: 'a' } } },
  apply: (theirs) => inProcess(theirs, ({ env }) => ({
    env: [...new Map((env as ReadonlyArray<string>).map((line) => [nameIn(line), line])).values()].sort((a, b) => byCodeUnits(nameIn(a), nameIn(b)))
  }))
}

export const name: Difference = {
  name: 'name-of-its-own',
  reason: "A container has a name: Nomad's, on the host's network the host's, else its id, and the variable HOSTNAME with it unless the image or Nomad has one, as in Docker. containerd gives none, and the container shows the host's.",
  shownBy: {},
  apply: (theirs, given) => {
    const own = nameOf(given)
    if (own === '') return theirs
    const hostname = text(given.task, 'uts_mode') === 'host' ? {} : { hostname: own }
    return { ...inProcess(theirs, ({ env }) => (env.some((line: string) => nameIn(line) === 'HOSTNAME') ? {} : { env: [...env, `HOSTNAME=${own}`] })), ...hostname }
  }
}

export const domain: Difference = {
  name: 'domain-name-by-sysctl',
  reason: 'The domain name is set as the kernel parameter `kernel.domainname`, as in Docker: runc reads the field of the spec from 1.2.0 only. In a user namespace, which may not write it, it is the field.',
  shownBy: { task: { domainname: 'example.com' } },
  apply: ({ domainname, ...theirs }) =>
    domainname === undefined || theirs.linux.uidMappings !== undefined
      ? { ...(domainname === undefined ? {} : { domainname }), ...theirs }
      : inLinux(theirs, ({ sysctl }) => ({ sysctl: { ...sysctl, 'kernel.domainname': domainname } }))
}

export const root: Difference = {
  name: 'root-looked-up',
  reason: 'No user, `0` and `root` are one account, with the group and the groups that the image gives it: containerd takes no user for a root with group 0, and `0` without an account for nobody.',
  shownBy: { allocation: { user: '0' }, image: { group: 'wheel:x:10:root\n' } },
  apply: (theirs, { image: { config, passwd, group }, allocation }) => {
    const user = (text(allocation, 'user') ?? '') === '' ? config.user : (text(allocation, 'user') ?? '')
    if (user !== '' && user !== '0') return theirs
    const own = accountOf(passwd, 0)
    const { name, gid } = own ?? { name: 'root', gid: 0 }
    return inProcess(theirs, ({ user: was }) => ({
      user: { ...was, gid, additionalGids: [gid, ...membershipsOf(group, name), ...behind(was.additionalGids, was.gid, membershipsOf(group, user === '' ? 'root' : own?.name))] }
    }))
  }
}

export const imageGroup: Difference = {
  name: 'group-of-the-image',
  reason: 'A user of the image that names its group (`app:staff`) has that group alone, as in Docker and as a user of the task: containerd adds the groups that the account is a member of.',
  shownBy: { image: { config: { user: 'app:staff' }, passwd: 'app:x:1000:1000::/:\n', group: 'staff:x:50:\nwheel:x:10:app\n' } },
  apply: (theirs, { image: { config, passwd, group }, allocation }) => {
    if ((text(allocation, 'user') ?? '') !== '' || !config.user.includes(':')) return theirs
    return inProcess(theirs, ({ user }) => ({
      user: { ...user, additionalGids: [user.gid, ...behind(user.additionalGids, user.gid, membershipsOf(group, accountOf(passwd, user.uid)?.name))] }
    }))
  }
}

export const groups: Difference = {
  name: 'groups-once',
  reason: 'The primary group leads the supplementary ones, and each is there once.',
  shownBy: { task: { group_add: ['7', '7'] } },
  apply: (theirs) => inProcess(theirs, ({ user }) => ({ user: { ...user, additionalGids: [...new Set([user.gid, ...user.additionalGids])] } }))
}

export const sets: Difference = {
  name: 'sets-sorted',
  reason: 'Capabilities, limits of the process and the system calls of a rule are sets: sorted, each once, so that equal tasks make equal bytes.',
  shownBy: {},
  apply: (theirs) => {
    const { capabilities, rlimits } = theirs.process
    const sorted = inProcess(theirs, () => ({
      capabilities: Object.fromEntries(Object.entries(capabilities).map(([name, set]) => [name, [...new Set(set as ReadonlyArray<string>)].sort()])),
      rlimits: [...rlimits].sort((a: Json, b: Json) => byCodeUnits(a.type, b.type))
    }))
    return inLinux(sorted, ({ seccomp }) => (seccomp === undefined ? {} : {
      seccomp: { ...seccomp, syscalls: seccomp.syscalls.map((rule: Json) => ({ ...rule, names: [...rule.names].sort() })) }
    }))
  }
}

export const rules: Difference = {
  name: 'filter-rules-ordered',
  reason: 'The rules that capabilities add to the default filter stand in one order: containerd has them in the order of the capabilities.',
  shownBy: { task: { seccomp: true, cap_drop: ['SYS_CHROOT'], cap_add: ['SYS_MODULE', 'SYS_CHROOT'] } },
  // Only moved: a rule that ours has not stays, and one that is missing stays missing.
  apply: (theirs, _given, ours) => inLinux(theirs, ({ seccomp }) => {
    const order: ReadonlyArray<string> = (ours.linux.seccomp?.syscalls ?? []).map((rule: Json) => JSON.stringify(rule))
    const rank = (rule: Json): number => order.indexOf(JSON.stringify(rule))
    return seccomp === undefined ? {} : { seccomp: { ...seccomp, syscalls: [...seccomp.syscalls].sort((a: Json, b: Json) => rank(a) - rank(b)) } }
  })
}

export const limits: Difference = {
  name: 'default-limits',
  reason: 'Limits that no job asks for: 1024:524288 open files (containerd has 1024:1024, which no program can raise), and never more than the host can grant, with which no container would start.',
  shownBy: {},
  apply: (theirs, { task, plugin, host }) => {
    const asked = Object.keys(map(task, 'ulimit')).map(limitName)
    const operators = Object.keys(map(plugin, 'default_ulimit')).map(limitName)
    return inProcess(theirs, ({ rlimits }) => ({
      rlimits: rlimits.map((limit: Json) => {
        if (asked.includes(limit.type)) return limit
        const wanted = limit.type === 'RLIMIT_NOFILE' && !operators.includes(limit.type) ? { ...limit, hard: 524_288 } : limit
        const free = limit.type !== 'RLIMIT_NOFILE' && host.capabilities.includes('CAP_SYS_RESOURCE')
        const most = limit.type === 'RLIMIT_NOFILE' ? host.openFilesLimit : free ? undefined : host.hardLimits[limit.type]
        return most === undefined ? wanted : { ...wanted, soft: least(wanted.soft, most), hard: least(wanted.hard, most) }
      })
    }))
  }
}

const limitName = (name: string): string => `RLIMIT_${name.toUpperCase().replace('RLIMIT_', '')}`

// No limit is 2^64-1, which the oracle answers as a text.
const least = (limit: number | string, most: number): number => Math.min(Number(limit), most)
