import * as E from 'fp-ts/Either'
import * as J from 'fp-ts/Json'
import * as NEA from 'fp-ts/NonEmptyArray'

import { isRecord } from '../domain/isRecord'
import { Seccomp } from '../domain/Oci'
import { nearest } from '../field/nearest'
import { action, applies, CustomRule, customRule, errno, errnoFits, ociRule } from './customRule'
import { jsonFault } from './jsonFault'
import { Found, Law, list, object, Read, text, word } from './Read'
import { SeccompHost } from './SeccompHost'
import { ARCHITECTURES, FLAGS, MACHINES } from './words'

/** One thing that is wrong with a profile. `path` is where: `syscalls[3].args[0].op`, or empty for the whole. */
export interface Mistake {
  readonly path: string
  readonly value?: unknown
  readonly reason: string
  readonly hint?: string
}

interface ArchMap {
  readonly architecture: string
  readonly subArchitectures?: ReadonlyArray<string>
}

interface CustomProfile extends Omit<Seccomp, 'syscalls'> {
  readonly archMap?: ReadonlyArray<ArchMap>
  readonly syscalls?: ReadonlyArray<CustomRule>
}

const MAX_LENGTH = 1_048_576
const MOST_TOLD = 100

/**
 * Reads a profile in Docker's form or in the runtime spec's own, and keeps what holds on this host. Nothing in it is
 * passed over: a field or name that is not known is a mistake. Up to a hundred mistakes are told.
 */
export const customProfile = (source: string, on: SeccompHost): E.Either<NEA.NonEmptyArray<Mistake>, Seccomp> => {
  if (source.length > MAX_LENGTH) return E.left([{ path: '', reason: 'is longer than 1 MiB' }])
  const document = J.parse(source)
  if (E.isLeft(document)) return E.left([{ path: '', reason: `is not JSON${jsonFault(source) ?? ''}` }])
  const outcome = profile(on)(document.right, '')
  return E.isLeft(outcome) ? E.left(told(outcome.left)) : E.right(ociProfile(outcome.right, on))
}

const told = (found: ReadonlyArray<Found>): NEA.NonEmptyArray<Mistake> => {
  const shown = found.slice(0, MOST_TOLD).map(mistake)
  const more = found.length - shown.length
  const rest = more === 0 ? [] : [{ path: '', reason: `has ${more} more mistakes` }]
  return NEA.concat(rest)(shown as NEA.NonEmptyArray<Mistake>)
}

const mistake = ({ mistyped, ...found }: Found): Mistake => {
  const meant = mistyped === undefined ? undefined : meantBy(mistyped.name, mistyped.known)
  return { ...found, ...(meant === undefined ? {} : { hint: `did you mean "${meant}"?` }) }
}

const PREFIX = /^(?:SCMP_(?:ACT|CMP|ARCH)|SECCOMP_FILTER_FLAG|CAP)_/

/** The known name that is nearest, be it written with or without the prefix that all names of its kind have. */
const meantBy = (name: string, known: ReadonlyArray<string>): string | undefined => {
  const whole = known.map((one) => one.toLowerCase())
  const short = known.map((one) => one.replace(PREFIX, '').toLowerCase())
  return namedBy(nearest(name, whole), whole, known) ?? namedBy(nearest(name, short), short, known)
}

const namedBy = (
  found: string | undefined,
  among: ReadonlyArray<string>,
  known: ReadonlyArray<string>
): string | undefined => (found === undefined ? undefined : known[among.indexOf(found)])

const architecture = word(ARCHITECTURES, 'is no architecture of seccomp')

const archMap = object<ArchMap>({ architecture, subArchitectures: list(architecture) }, ['architecture'], () => [])

const profile = (on: SeccompHost): Read<CustomProfile> =>
  object<CustomProfile>(
    {
      defaultAction: action,
      defaultErrnoRet: errno,
      archMap: list(archMap),
      architectures: list(architecture),
      flags: list(word(FLAGS, 'is no flag of seccomp')),
      listenerPath: text,
      listenerMetadata: text,
      syscalls: list(customRule(on))
    },
    ['defaultAction'],
    profileLaw
  )

const profileLaw: Law = (fields) => [
  ...(isFilled(fields['archMap']) && isFilled(fields['architectures'])
    ? [Found('archMap', undefined, 'cannot be given beside architectures')]
    : []),
  ...errnoFits(fields['defaultAction'], fields['defaultErrnoRet'], 'defaultErrnoRet'),
  // runc: the process could not even hand over the listener.
  ...(fields['defaultAction'] === NOTIFY
    ? [Found('defaultAction', NOTIFY, 'cannot be the default: runc refuses it')]
    : []),
  ...(isText(fields['listenerPath']) ? [] : unheard(fields))
]

const NOTIFY = 'SCMP_ACT_NOTIFY'

const isFilled = (value: unknown): boolean => Array.isArray(value) && value.length > 0

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

/** What makes no sense without a listener. */
const unheard = (fields: Readonly<Record<string, unknown>>): ReadonlyArray<Found> => {
  const rules: ReadonlyArray<unknown> = Array.isArray(fields['syscalls']) ? fields['syscalls'] : []
  return [
    ...(isText(fields['listenerMetadata'])
      ? [Found('listenerMetadata', fields['listenerMetadata'], 'needs listenerPath')]
      : []),
    ...rules.flatMap((rule, index) =>
      isRecord(rule) && rule['action'] === NOTIFY
        ? [Found(`syscalls[${index}].action`, NOTIFY, 'needs listenerPath')]
        : []
    )
  ]
}

const ociProfile = ({ archMap: map, syscalls, ...given }: CustomProfile, on: SeccompHost): Seccomp => {
  const native = MACHINES.get(on.architecture)?.name
  const family = map?.find((entry) => entry.architecture === native)
  return {
    ...given,
    ...(family === undefined ? {} : { architectures: [family.architecture, ...(family.subArchitectures ?? [])] }),
    syscalls: (syscalls ?? []).filter((rule) => applies(rule, on)).map(ociRule)
  }
}
