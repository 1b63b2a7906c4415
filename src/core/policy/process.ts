import { DocumentPath, inPlugin, inTask, under } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { clean, isAbsolute, isWithin } from '../domain/path'
import { repeated } from '../domain/repetition'
import { Entries } from '../field/Parsed'
import { NamedUlimit } from '../value/Ulimit'
import { Decoded, Refusals } from './Decoded'

/** What is run: directory, names, limits, groups. */
export const process = (decoded: Decoded): Refusals => [
  ...cwd(decoded),
  ...names(decoded),
  ...ulimits(decoded),
  ...groups(decoded)
]

const LABELS = /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*$/
const MAX_NAME = 64

const names = ({ task }: Decoded): Refusals => [
  ...wrongName('hostname', task.hostname),
  ...wrongName('domainname', task.domainname)
]

const wrongName = (option: string, name: string | undefined): Refusals =>
  name === undefined || (name.length <= MAX_NAME && LABELS.test(name))
    ? []
    : [
        Issue(
          'BadValue',
          inTask(option),
          name,
          'must be letters, digits, `_`, `-` and `.`, no part with `-` at an end, at most 64 characters'
        )
      ]

const cwd = ({ task }: Decoded): Refusals => {
  const wrong = task.cwd === undefined ? undefined : wrongCwd(task.cwd)
  return wrong === undefined ? [] : [Issue('BadValue', inTask('cwd'), task.cwd, wrong)]
}

/**
 * What is wrong with a working directory. Below /proc and /dev/fd lie the runtime's own files, and steps up may lead
 * there (CVE-2024-21626).
 */
export const wrongCwd = (path: string): string | undefined => {
  if (!isAbsolute(path)) return 'must be an absolute path in the container'
  const inRuntime = ['/proc', '/dev/fd'].some((refused) => isWithin(refused, clean(path)))
  if (inRuntime) return 'must not lie below /proc or /dev/fd'
  const parts = path.replace(/\/$/, '').split('/').slice(1)
  return parts.some((part) => part === '.' || part === '..' || (part === '' && parts.length > 1))
    ? 'must be written without `.`, `..` and slashes too many'
    : undefined
}

const ulimits = ({ task, plugin }: Decoded): Refusals => [
  ...setTwice(inTask('ulimit'), task.ulimit ?? []),
  ...setTwice(inPlugin('default_ulimit'), plugin.default_ulimit ?? [])
]

const setTwice = (at: DocumentPath, limits: Entries<NamedUlimit>): Refusals => {
  const twins = repeated(limits.map(({ value }) => value.type))
  const twice = 'is set twice, in two ways to write it'
  return limits.flatMap(({ place, written }, index) =>
    twins[index] === true ? [Issue('Conflict', under(at, place), written, twice)] : [])
}

const groups = ({ task }: Decoded): Refusals =>
  (task.group_add ?? []).flatMap((group, index) =>
    group === '' || group.includes(':')
      ? [Issue('BadValue', inTask('group_add', index), group, 'must be a number or the name of a group')]
      : []
  )
