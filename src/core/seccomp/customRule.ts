import * as E from 'fp-ts/Either'

import { ALL_CAPABILITIES } from '../domain/capabilities'
import { SyscallArg, SyscallRule } from '../domain/Oci'
import { at, Found, isGiven, Law, list, matching, object, Read, text, whole, word } from './Read'
import { isKernelAtLeast, KernelVersion, kernelVersionOf, SeccompHost } from './SeccompHost'
import { ACTIONS, MACHINE_WORDS, MACHINES, OPERATORS } from './words'

/** When a rule holds, in Docker's form. */
interface Condition {
  readonly caps?: ReadonlyArray<string>
  readonly arches?: ReadonlyArray<string>
  readonly minKernel?: KernelVersion
}

/** A rule as a profile has it: the runtime spec's fields and those that Docker adds. */
export interface CustomRule {
  readonly name?: string
  readonly names?: ReadonlyArray<string>
  readonly action: string
  readonly errnoRet?: number
  readonly args?: ReadonlyArray<SyscallArg>
  readonly comment?: string
  readonly includes?: Condition
  readonly excludes?: Condition
}

/** What a rule does. */
export const action = word(ACTIONS, 'is no action of seccomp')

/** What a system call answers; the kernel knows no number above 4095 (MAX_ERRNO). */
export const errno = whole(4095, 'must be a whole number from 0 to 4095')

/** An errno is only for actions that give one: a runtime must fail otherwise (config-linux.md, "errnoRet"). */
export const errnoFits = (deed: unknown, given: unknown, path: string): ReadonlyArray<Found> =>
  !isGiven(given) || !isKnown(deed) || deed === 'SCMP_ACT_ERRNO' || deed === 'SCMP_ACT_TRACE'
    ? []
    : [Found(path, given, `is only for SCMP_ACT_ERRNO and SCMP_ACT_TRACE, not for ${deed}`)]

const isKnown = (deed: unknown): deed is string => typeof deed === 'string' && ACTIONS.includes(deed)

const WHOLE_VALUE = 'must be a whole number from 0 to 9007199254740991: larger ones are not exact in JSON'

const argument = object<SyscallArg>(
  {
    index: whole(5, 'must be 0 to 5: a system call has six arguments'),
    value: whole(Number.MAX_SAFE_INTEGER, WHOLE_VALUE),
    valueTwo: whole(Number.MAX_SAFE_INTEGER, WHOLE_VALUE),
    op: word(OPERATORS, 'is no operator of seccomp')
  },
  ['index', 'value', 'op'],
  () => []
)

const name = matching(/^[a-z0-9_]+$/, "is no system call's name: those have small letters, digits and `_`")

/** Reads one rule. The host is asked because a kernel that cannot be read cannot be compared with `minKernel`. */
export const customRule = (on: SeccompHost): Read<CustomRule> => {
  const when = condition(on)
  return object<CustomRule>(
    {
      name,
      names: list(name),
      action,
      errnoRet: errno,
      args: list(argument),
      comment: text,
      includes: when,
      excludes: when
    },
    ['action'],
    ruleLaw
  )
}

const condition = (on: SeccompHost): Read<Condition> =>
  object<Condition>(
    {
      caps: list(word(ALL_CAPABILITIES, 'is no capability')),
      arches: list(word(MACHINE_WORDS, "is no architecture in Docker's words, such as amd64, arm64, x86")),
      minKernel: minKernel(on)
    },
    [],
    () => []
  )

const minKernel = (on: SeccompHost): Read<KernelVersion> => (value, path) => {
  const version = typeof value === 'string' && /^\d{1,3}\.\d{1,3}$/.test(value) ? kernelVersionOf(value) : undefined
  if (version === undefined || Math.max(...version) > 255 || Math.max(...version) === 0) {
    return E.left([Found(path, value, 'must be a kernel version of two numbers, such as "4.8"')])
  }
  return kernelVersionOf(on.kernel) === undefined
    ? E.left([Found(path, value, `cannot be compared with this host's kernel "${on.kernel}"`)])
    : E.right(version)
}

const ruleLaw: Law = (fields, path) => [
  ...naming(fields, path),
  ...errnoFits(fields['action'], fields['errnoRet'], at(path, 'errnoRet')),
  ...(fields['action'] === 'SCMP_ACT_NOTIFY' && callsOf(fields).includes('write')
    ? [
        Found(
          at(path, 'action'),
          'SCMP_ACT_NOTIFY',
          'cannot be used for write: runc needs write to hand over the listener'
        )
      ]
    : [])
]

const naming = (fields: Readonly<Record<string, unknown>>, path: string): ReadonlyArray<Found> => {
  const names = fields['names']
  const hasNames = isGiven(names) && !(Array.isArray(names) && names.length === 0)
  const hasName = isGiven(fields['name'])
  if (hasName && hasNames) return [Found(at(path, 'name'), fields['name'], 'cannot be given beside names')]
  return hasName || hasNames ? [] : [Found(at(path, 'names'), undefined, 'must name at least one system call')]
}

const callsOf = (fields: Readonly<Record<string, unknown>>): ReadonlyArray<unknown> => {
  const names: unknown = fields['names']
  return Array.isArray(names) ? [...(names as ReadonlyArray<unknown>), fields['name']] : [fields['name']]
}

/**
 * Whether a rule holds on the host: nothing of `excludes` may be true, and everything of `includes` must be (moby,
 * setupSeccomp).
 */
export const applies = ({ includes = {}, excludes = {} }: CustomRule, on: SeccompHost): boolean =>
  !touches(excludes, on) && holds(includes, on)

const touches = ({ arches = [], caps = [], minKernel: from }: Condition, on: SeccompHost): boolean =>
  isHere(arches, on) ||
  caps.some((capability) => on.capabilities.includes(capability)) ||
  (from !== undefined && isKernelAtLeast(on, from))

const holds = ({ arches = [], caps = [], minKernel: from }: Condition, on: SeccompHost): boolean =>
  (arches.length === 0 || isHere(arches, on)) &&
  caps.every((capability) => on.capabilities.includes(capability)) &&
  (from === undefined || isKernelAtLeast(on, from))

const isHere = (arches: ReadonlyArray<string>, on: SeccompHost): boolean => {
  const machine = MACHINES.get(on.architecture)
  return machine !== undefined && arches.includes(machine.word)
}

/** The rule as the runtime reads it. */
export const ociRule = (rule: CustomRule): SyscallRule => ({
  names: rule.name === undefined ? (rule.names ?? []) : [rule.name],
  action: rule.action,
  ...(rule.errnoRet === undefined ? {} : { errnoRet: rule.errnoRet }),
  ...(rule.args === undefined ? {} : { args: rule.args })
})
