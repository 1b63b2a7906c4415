import { isAbsolute } from '../../domain/path'
import { Option } from './Edit'
import { Judge } from './Row'
import { Converted, EQUAL, Missing, Nearly } from './Verdict'

/** The options that `security_opt` of docker and podman becomes. */
export const SECURITY_OPTIONS: ReadonlyArray<string> = [
  'seccomp', 'seccomp_profile', 'apparmor_profile', 'selinux_opts', 'no_new_privileges', 'masked_paths', 'readonly_paths',
  'writable_cgroups'
]

/** What one word of `security_opt` is here; none when nothing here does it. */
const optionsOf = (word: string): ReadonlyArray<Option> | undefined => {
  const [, name = '', value] = /^([a-z-]+)(?:[=:](.*))?$/s.exec(word) ?? []
  switch (name) {
    case 'no-new-privileges':
      return flag('no_new_privileges', value ?? 'true')
    case 'writable-cgroups':
      return flag('writable_cgroups', value ?? '')
    case 'seccomp':
      return seccomp(value ?? '')
    case 'apparmor':
      return value === undefined || value === '' ? undefined : [{ name: 'apparmor_profile', value }]
    case 'label':
      return value === 'disable' || /^(?:user|role|type|level):./.test(value ?? '')
        ? [{ name: 'selinux_opts', value: [value] }]
        : undefined
    case 'systempaths':
    case 'unmask':
      return value === (name === 'unmask' ? 'ALL' : 'unconfined')
        ? [
            { name: 'masked_paths', value: [] },
            { name: 'readonly_paths', value: [] }
          ]
        : undefined
    default:
      return undefined
  }
}

const flag = (name: string, value: string): ReadonlyArray<Option> | undefined =>
  value === 'true' || value === 'false' ? [{ name, value: value === 'true' }] : undefined

const seccomp = (value: string): ReadonlyArray<Option> | undefined => {
  if (value === 'unconfined') return [{ name: 'seccomp', value: false }]
  if (value === 'builtin') return [{ name: 'seccomp', value: true }]
  return isAbsolute(value) ? [{ name: 'seccomp', value: true }, { name: 'seccomp_profile', value }] : undefined
}

/** One option for every name: lists grow, of other values the last one counts, as for dockerd. */
const merged = (options: ReadonlyArray<Option>): ReadonlyArray<Option> =>
  options.reduce<ReadonlyArray<Option>>((made, one) => {
    const before = made.find(({ name }) => name === one.name)
    const value =
      Array.isArray(before?.value) && Array.isArray(one.value)
        ? [...(before.value as ReadonlyArray<unknown>), ...(one.value as ReadonlyArray<unknown>)]
        : one.value
    return [...made.filter(({ name }) => name !== one.name), { name: one.name, value }]
  }, [])

// A profile and a word are two options here, and one for dockerd.
const withLastSeccomp = (words: ReadonlyArray<string>): ReadonlyArray<string> => {
  const last = words.findLastIndex((word) => /^seccomp[=:]/.test(word))
  return words.filter((word, index) => index === last || !/^seccomp[=:]/.test(word))
}

/**
 * `security_opt` as the options that mean it. A profile without a leading slash is a file in the client's working
 * directory, which nobody here knows.
 */
export const securityOpt: Judge = (value) => {
  if (!Array.isArray(value) || !value.every((word) => typeof word === 'string'))
    return Missing('it must be a list of texts')
  const words = withLastSeccomp(value)
  const made = words.map((word) => ({ word, options: optionsOf(word) }))
  const options = merged(made.flatMap((one) => one.options ?? []))
  const unknown = made.filter((one) => one.options === undefined).map(({ word }) => `"${word}"`)
  const names = options.map(({ name }) => `\`${name}\``).join(', ')
  if (words.length === 0) return Converted('it is empty', [])
  if (unknown.length === 0) return options.length === 0 ? EQUAL : Converted(`here ${names}`, options)
  const why = `${unknown.join(', ')} has no equivalent here`
  return options.length === 0 ? Missing(why) : Nearly(`${why}; the rest is ${names}`, options)
}
