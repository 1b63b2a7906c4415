import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { ALL_CAPABILITIES } from '../../src/core/domain/capabilities'
import { Seccomp, SyscallRule } from '../../src/core/domain/Oci'
import { customProfile } from '../../src/core/seccomp/customProfile'
import { defaultProfile } from '../../src/core/seccomp/defaultProfile'
import { jsonFault } from '../../src/core/seccomp/jsonFault'
import { SeccompHost } from '../../src/core/seccomp/SeccompHost'
import { needsOf } from '../../src/core/seccomp/versionNeeds'

const ACTIONS = ['ALLOW', 'ERRNO', 'KILL', 'KILL_PROCESS', 'KILL_THREAD', 'LOG', 'NOTIFY', 'TRACE', 'TRAP'].map((name) => `SCMP_ACT_${name}`)
const OPERATORS = ['EQ', 'NE', 'LT', 'LE', 'GE', 'GT', 'MASKED_EQ'].map((name) => `SCMP_CMP_${name}`)

const architecture = fc.constantFrom('amd64', 'arm64', 'arm', '386', 's390x', 'ppc64le', 'riscv64', 'loong64', 'mips64', 'other')
const version = fc.tuple(fc.integer({ min: 3, max: 6 }), fc.nat(20))
const capabilities = fc.subarray([...ALL_CAPABILITIES])
const host: fc.Arbitrary<SeccompHost> = fc.record({
  architecture, capabilities, kernel: fc.oneof(version.map(([a, b]) => `${a}.${b}.0-generic`), fc.constantFrom('', 'linux'))
})

/** What a filter lets through: a system call, under which conditions. */
const allowed = (filter: Seccomp): ReadonlyArray<readonly [string, string]> =>
  filter.syscalls
    .filter(({ action }) => action === 'SCMP_ACT_ALLOW')
    .flatMap(({ names, args }) => names.map((name) => [name, JSON.stringify(args ?? [])] as const))

/** Whether a filter lets through what another one does, freely or under the same conditions. */
const letsThrough = (filter: Seccomp) => {
  const pairs = new Set(allowed(filter).map((pair) => pair.join(' ')))
  return ([name, args]: readonly [string, string]): boolean => pairs.has(`${name} []`) || pairs.has(`${name} ${args}`)
}

describe('the default profile', () => {
  it('allows nothing to a smaller bounding set that a larger one is not allowed', () => {
    fc.assert(fc.property(host, capabilities, (on, fewer) => {
      const smaller = defaultProfile({ ...on, capabilities: on.capabilities.filter((name) => fewer.includes(name)) })
      const isAllowed = letsThrough(defaultProfile(on))
      expect(allowed(smaller).filter((pair) => !isAllowed(pair))).toEqual([])
    }))
  })

  it('is the same for the same host, in whatever order and how often the capabilities are named', () => {
    fc.assert(fc.property(host, (on) => {
      const once = JSON.stringify(defaultProfile(on))
      expect(JSON.stringify(defaultProfile({ ...on, capabilities: [...on.capabilities, ...on.capabilities].reverse() }))).toBe(once)
    }))
  })

  it('shares its rules between all profiles', () => {
    fc.assert(fc.property(host, host, (a, b) => {
      const shared = new Map(defaultProfile(a).syscalls.map((rule) => [JSON.stringify(rule), rule]))
      const again = defaultProfile(b).syscalls.filter((rule) => (shared.get(JSON.stringify(rule)) ?? rule) !== rule)
      expect(again).toEqual([])
    }), { numRuns: 50 })
  })

  it('has legal words only, and every name once in a rule, sorted', () => {
    fc.assert(fc.property(host, (on) => {
      defaultProfile(on).syscalls.forEach(({ names, action, args = [] }) => {
        expect(ACTIONS).toContain(action)
        expect(OPERATORS).toEqual(expect.arrayContaining(args.map(({ op }) => op)))
        expect(names).toEqual([...new Set(names)].sort())
      })
    }), { numRuns: 50 })
  })

  it('reads back as itself', () => {
    fc.assert(fc.property(host, host, (on, reader) => {
      const filter = defaultProfile(on)
      expect(customProfile(JSON.stringify(filter), reader)).toEqual(E.right(filter))
    }), { numRuns: 100 })
  })
})

// ---- custom profiles ----

const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/).map((text) => `${text}x`)
const word = fc.constantFrom('amd64', 'arm64', 'arm', 'x86', 'x32', 's390x', 'ppc64le', 'riscv64', 'loongarch64', 'mips64')
const some = <A>(one: fc.Arbitrary<A>): fc.Arbitrary<Array<A>> => fc.array(one, { maxLength: 3 })
const condition = fc.record({
  caps: some(fc.constantFrom(...ALL_CAPABILITIES)), arches: some(word), minKernel: version.map(([a, b]) => `${a}.${b}`)
}, { requiredKeys: [] })

const argument = fc.record({
  index: fc.nat(5), value: fc.maxSafeNat(), valueTwo: fc.maxSafeNat(), op: fc.constantFrom(...OPERATORS)
}, { requiredKeys: ['index', 'value', 'op'] })

const ociRule: fc.Arbitrary<SyscallRule> = fc.oneof(
  fc.record({ names: fc.array(name, { minLength: 1, maxLength: 4 }), action: fc.constantFrom(...ACTIONS), args: some(argument) }, { requiredKeys: ['names', 'action'] }),
  fc.record({ names: fc.array(name, { minLength: 1, maxLength: 4 }), action: fc.constantFrom('SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE'), errnoRet: fc.nat(4095) })
)

interface Condition {
  readonly caps?: ReadonlyArray<string>
  readonly arches?: ReadonlyArray<string>
  readonly minKernel?: string
}

interface DockerRule {
  readonly rule: SyscallRule
  readonly includes?: Condition
  readonly excludes?: Condition
  readonly comment?: string
}

interface Profile extends Omit<Seccomp, 'syscalls'> {
  readonly syscalls: ReadonlyArray<DockerRule>
}

const dockerRule: fc.Arbitrary<DockerRule> = fc.record(
  { rule: ociRule, includes: condition, excludes: condition, comment: fc.string() },
  { requiredKeys: ['rule'] }
)

const profile: fc.Arbitrary<Profile> = fc.record({
  defaultAction: fc.constantFrom('SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE'),
  listenerPath: fc.constant('/run/agent.sock'),
  syscalls: fc.array(dockerRule, { maxLength: 8 })
})

const written = ({ syscalls, ...rest }: Profile): string => JSON.stringify({
  ...rest, syscalls: syscalls.map(({ rule, ...docker }) => ({ ...rule, ...docker }))
})

const WORD_OF: Readonly<Record<string, string>> = { 386: 'x86', loong64: 'loongarch64' }

/** The answers of a host to a condition: which of its words are true. */
const answers = ({ arches, caps = [], minKernel }: Condition, on: SeccompHost): ReadonlyArray<boolean> => [
  ...(arches === undefined || arches.length === 0 ? [] : [arches.includes(WORD_OF[on.architecture] ?? on.architecture)]),
  ...caps.map((cap) => on.capabilities.includes(cap)),
  ...(minKernel === undefined ? [] : [rank(on.kernel) >= rank(minKernel)])
]

const rank = (release: string): number => {
  const [major = 0, minor = 0] = release.split('.').map(Number)
  return major * 1000 + minor
}

const holds = ({ includes = {}, excludes = {} }: DockerRule, on: SeccompHost): boolean =>
  !answers(includes, on).includes(false) && !answers(excludes, on).includes(true)

const readable = fc.record({ architecture, capabilities, kernel: version.map(([a, b]) => `${a}.${b}.7`) })

describe('a custom profile', () => {
  it('keeps the rules that hold on the host, as they are and in their order', () => {
    fc.assert(fc.property(profile, readable, (given, on) => {
      const { syscalls, ...rest } = given
      const kept = syscalls.filter((one) => holds(one, on)).map(({ rule }) => rule)
      expect(customProfile(written(given), on)).toEqual(E.right({ ...rest, syscalls: kept }))
    }))
  })

  it('compiled once, it is the same for every host', () => {
    fc.assert(fc.property(profile, readable, host, (given, on, other) => {
      const once = customProfile(written(given), on)
      expect(E.isRight(once) && customProfile(JSON.stringify(once.right), other)).toEqual(once)
    }))
  })

  it('never throws, whatever is put into it', () => {
    const anything = fc.oneof(fc.jsonValue(), fc.constantFrom(null, '', [], {}, -1, 0.5, 1e300, 'SCMP_ACT_NOTIFY', '__proto__', 'write'))
    fc.assert(fc.property(profile, fc.nat(), anything, host, (given, place, put, on) => {
      const outcome = customProfile(spoiled(written(given), place, put), on)
      if (E.isRight(outcome)) expect(['1.0.0', '1.0.2', '1.1.0']).toContain(needsOf(outcome.right))
      else outcome.left.forEach((mistake) => { expect(mistake).toMatchObject({ path: expect.any(String), reason: expect.any(String) }) })
    }))
  })

  it('that is cut or changed in one letter is a profile or has mistakes', () => {
    fc.assert(fc.property(profile, fc.nat(), fc.string({ maxLength: 2 }), host, (given, place, put, on) => {
      const text = written(given)
      const at = place % text.length
      expect(() => customProfile(`${text.slice(0, at)}${put}${text.slice(at + 1)}`, on)).not.toThrow()
    }))
  })
})

/** A document with one of its values replaced. */
const spoiled = (document: string, place: number, put: unknown): string => {
  let left = place % Math.max(1, Math.floor(document.length / 8))
  return JSON.stringify(JSON.parse(document, (_key, value: unknown) => (left-- === 0 ? put : value)) ?? null)
}

describe('the place where a text stops being JSON', () => {
  const near = fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"', '1', '-', '.5', 'e3', 'true', 'nul', 'null', ' ', '\n', '\\', '/'), { maxLength: 12 })
    .map((tokens) => tokens.join(''))
  const whole = fc.jsonValue().map((value) => JSON.stringify(value, null, 1))
  const cut = fc.tuple(whole, fc.nat(), fc.string({ maxLength: 2 })).map(([text, place, put]) => `${text.slice(0, place % text.length)}${put}`)

  it('is found when the engine cannot read it, and only then', () => {
    fc.assert(fc.property(fc.oneof(near, whole, cut), (text) => {
      const isJson = E.isRight(E.tryCatch(() => JSON.parse(text) as unknown, String))
      expect(jsonFault(text) === undefined).toBe(isJson)
    }), { numRuns: 2000 })
  })
})
