import * as E from 'fp-ts/Either'

import { customProfile } from '../../../src/core/seccomp/customProfile'
import { SeccompHost } from '../../../src/core/seccomp/SeccompHost'

const HOST: SeccompHost = { architecture: 'amd64', kernel: '5.10.0-28-amd64', capabilities: ['CAP_CHOWN', 'CAP_SYS_CHROOT'] }

const read = (profile: unknown, on: Partial<SeccompHost> = {}): ReturnType<typeof customProfile> =>
  customProfile(JSON.stringify(profile), { ...HOST, ...on })

const DENY = { defaultAction: 'SCMP_ACT_ERRNO' }

const rule = (over: object): object => ({ ...DENY, syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW', ...over }] })

const argument = (over: object): object => rule({ args: [{ index: 0, value: 1, op: 'SCMP_CMP_EQ', ...over }] })

/** What a profile is compiled to: which of its rules are left. */
const left = (profile: unknown, on: Partial<SeccompHost> = {}): unknown => {
  const outcome = read(profile, on)
  return E.isRight(outcome) ? outcome.right.syscalls.map(({ names }) => names.join('+')) : outcome.left
}

// In the shape of moby's default.json, shortened.
const DOCKER = {
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: 1,
  archMap: [
    { architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'] },
    { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: ['SCMP_ARCH_ARM'] },
    { architecture: 'SCMP_ARCH_RISCV64', subArchitectures: null }
  ],
  syscalls: [
    { names: ['read', 'write'], action: 'SCMP_ACT_ALLOW' },
    { names: ['ptrace'], action: 'SCMP_ACT_ALLOW', args: null, comment: '', includes: { minKernel: '4.8' }, excludes: {} },
    { names: ['personality'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 4294967295, op: 'SCMP_CMP_EQ' }] },
    { names: ['arch_prctl'], action: 'SCMP_ACT_ALLOW', includes: { arches: ['amd64', 'x32'] } },
    { names: ['set_tls'], action: 'SCMP_ACT_ALLOW', includes: { arches: ['arm', 'arm64'] } },
    { names: ['mount'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_ADMIN'] } },
    {
      names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 2114060288, op: 'SCMP_CMP_MASKED_EQ' }],
      excludes: { caps: ['CAP_SYS_ADMIN'], arches: ['s390', 's390x'] }
    },
    {
      names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [{ index: 1, value: 2114060288, op: 'SCMP_CMP_MASKED_EQ' }],
      comment: 'other order', includes: { arches: ['s390', 's390x'] }, excludes: { caps: ['CAP_SYS_ADMIN'] }
    },
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38, excludes: { caps: ['CAP_SYS_ADMIN'] } },
    { name: 'chroot', action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_CHROOT'] } }
  ]
}

describe("Docker's form is compiled for the host", () => {
  it('amd64, no CAP_SYS_ADMIN', () => {
    expect(read(DOCKER)).toEqual(E.right({
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 1,
      architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
      syscalls: [
        { names: ['read', 'write'], action: 'SCMP_ACT_ALLOW' },
        { names: ['ptrace'], action: 'SCMP_ACT_ALLOW' },
        { names: ['personality'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 4294967295, op: 'SCMP_CMP_EQ' }] },
        { names: ['arch_prctl'], action: 'SCMP_ACT_ALLOW' },
        { names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 2114060288, op: 'SCMP_CMP_MASKED_EQ' }] },
        { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
        { names: ['chroot'], action: 'SCMP_ACT_ALLOW' }
      ]
    }))
  })

  it('other hosts keep other rules', () => {
    expect(left(DOCKER, { architecture: 'arm64', kernel: '4.7.1', capabilities: ['CAP_SYS_ADMIN'] })).toEqual(['read+write', 'personality', 'set_tls', 'mount'])
    expect(read(DOCKER, { architecture: 's390x' })).toMatchObject({ right: { syscalls: expect.arrayContaining([
      expect.objectContaining({ names: ['clone'], args: [{ index: 1, value: 2114060288, op: 'SCMP_CMP_MASKED_EQ' }] })
    ]) } })
  })

  it.each([
    ['arm64', ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM']],
    ['riscv64', ['SCMP_ARCH_RISCV64']],
    ['ppc64le', undefined],
    ['sparc', undefined]
  ])('%s: the family of archMap', (architecture, expected) => {
    const outcome = read(DOCKER, { architecture })
    expect(E.isRight(outcome) && outcome.right.architectures).toEqual(expected)
    expect(E.isRight(outcome) && 'architectures' in outcome.right).toBe(expected !== undefined)
  })

  it.each([
    ['386', 'x86'], ['loong64', 'loongarch64'], ['mips64le', 'mipsel64'], ['mips64p32le', 'mips3l64n32']
  ])("Go's %s is Docker's %s", (architecture, arch) => {
    expect(left(rule({ includes: { arches: [arch] } }), { architecture })).toEqual(['read'])
    expect(left(rule({ excludes: { arches: [arch] } }), { architecture })).toEqual([])
  })

  it('every capability of includes is needed, one of excludes is enough', () => {
    const caps = ['CAP_CHOWN', 'CAP_SYS_ADMIN']
    expect(left(rule({ includes: { caps } }))).toEqual([])
    expect(left(rule({ includes: { caps } }), { capabilities: caps })).toEqual(['read'])
    expect(left(rule({ excludes: { caps } }))).toEqual([])
    expect(left(rule({ excludes: { caps: ['CAP_SYS_ADMIN'] } }))).toEqual(['read'])
  })

  it.each([['5.9', true], ['5.10', true], ['5.11', false], ['4.99', true], ['6.0', false], ['255.255', false]])(
    'Linux 5.10 is at least %s: %s', (minKernel, expected) => {
      expect(left(rule({ includes: { minKernel } }))).toEqual(expected ? ['read'] : [])
      expect(left(rule({ excludes: { minKernel } }))).toEqual(expected ? [] : ['read'])
    }
  )

  it('empty conditions and an empty list beside its twin mean nothing', () => {
    expect(left(rule({ includes: { caps: [], arches: [] }, excludes: { caps: null }, name: null }))).toEqual(['read'])
    expect(left(rule({ names: [], name: 'open' }))).toEqual(['open'])
    expect(read({ ...DENY, archMap: [], architectures: ['SCMP_ARCH_X86'] })).toEqual(
      E.right({ ...DENY, architectures: ['SCMP_ARCH_X86'], syscalls: [] })
    )
  })
})

describe("the runtime spec's form stays what it is", () => {
  it('every field', () => {
    const profile = {
      defaultAction: 'SCMP_ACT_TRACE',
      defaultErrnoRet: 4095,
      architectures: ['SCMP_ARCH_LOONGARCH64'],
      flags: ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW', 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'],
      listenerPath: '/run/agent.sock',
      listenerMetadata: 'web',
      syscalls: [
        { names: ['open', 'open', 'not_known_here'], action: 'SCMP_ACT_NOTIFY' },
        { names: ['kill'], action: 'SCMP_ACT_ERRNO', errnoRet: 0 },
        {
          names: ['ioctl'], action: 'SCMP_ACT_KILL_PROCESS',
          args: [{ index: 5, value: 9007199254740991, valueTwo: 0, op: 'SCMP_CMP_GE' }, { index: 5, value: 0, op: 'SCMP_CMP_NE' }]
        }
      ]
    }
    expect(read(profile)).toEqual(E.right(profile))
  })

  it('no rules are rules, and an empty list of flags is not none', () => {
    expect(read(DENY)).toEqual(E.right({ ...DENY, syscalls: [] }))
    expect(read({ ...DENY, syscalls: [], flags: [] })).toEqual(E.right({ ...DENY, syscalls: [], flags: [] }))
  })
})

describe('a mistake is refused where it stands', () => {
  it.each<[string, unknown, string, string, string?]>([
    ['unknown field', { ...DENY, syscals: [] }, 'syscals', 'is no field', 'syscalls'],
    ['unknown field of a rule', rule({ errnoret: 1 }), 'syscalls[0].errnoret', 'is no field', 'errnoRet'],
    ['unknown field of an argument', argument({ val: 1 }), 'syscalls[0].args[0].val', 'is no field'],
    ['unknown field of a condition', rule({ includes: { cap: [] } }), 'syscalls[0].includes.cap', 'is no field', 'caps'],
    ['unknown field of archMap', { ...DENY, archMap: [{ architecture: 'SCMP_ARCH_X86', subArchitecture: [] }] }, 'archMap[0].subArchitecture', 'is no field', 'subArchitectures'],
    ['__proto__', JSON.parse('{"defaultAction":"SCMP_ACT_ERRNO","__proto__":{"flags":[]}}'), '__proto__', 'is no field'],
    ['no default', { syscalls: [] }, 'defaultAction', 'must be given'],
    ['unknown default', { defaultAction: 'SCMP_ACT_ALOW' }, 'defaultAction', 'is no action', 'SCMP_ACT_ALLOW'],
    ['unknown action', rule({ action: 'errno' }), 'syscalls[0].action', 'is no action', 'SCMP_ACT_ERRNO'],
    ['no action', rule({ action: null }), 'syscalls[0].action', 'must be given'],
    ['unknown operator', argument({ op: 'SCMP_CMP_MASKED_E' }), 'syscalls[0].args[0].op', 'is no operator', 'SCMP_CMP_MASKED_EQ'],
    ['unknown architecture', { ...DENY, architectures: ['SCMP_ARCH_X8664'] }, 'architectures[0]', 'is no architecture', 'SCMP_ARCH_X86_64'],
    ['unknown architecture in archMap', { ...DENY, archMap: [{ architecture: 'amd64' }] }, 'archMap[0].architecture', 'is no architecture'],
    ['unknown sub-architecture', { ...DENY, archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X31'] }] }, 'archMap[0].subArchitectures[0]', 'is no architecture', 'SCMP_ARCH_X32'],
    ['unknown flag', { ...DENY, flags: ['SPEC_ALOW'] }, 'flags[0]', 'is no flag', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW'],
    ['unknown capability', rule({ includes: { caps: ['SYS_ADMIN'] } }), 'syscalls[0].includes.caps[0]', 'is no capability', 'CAP_SYS_ADMIN'],
    ['unknown machine', rule({ excludes: { arches: ['amd6'] } }), 'syscalls[0].excludes.arches[0]', "Docker's words", 'amd64'],
    ['both architectures', { ...DENY, archMap: [{ architecture: 'SCMP_ARCH_X86' }], architectures: ['SCMP_ARCH_X86'] }, 'archMap', 'beside architectures'],
    ['both names', rule({ name: 'open' }), 'syscalls[0].name', 'beside names'],
    ['no names', rule({ names: [] }), 'syscalls[0].names', 'at least one'],
    ['names left out', { ...DENY, syscalls: [{ action: 'SCMP_ACT_LOG' }] }, 'syscalls[0].names', 'at least one'],
    ['a strange name', rule({ names: ['read', 'Write'] }), 'syscalls[0].names[1]', 'small letters'],
    ['an empty name', rule({ names: null, name: '' }), 'syscalls[0].name', 'small letters'],
    ['errno of ALLOW', rule({ errnoRet: 1 }), 'syscalls[0].errnoRet', 'not for SCMP_ACT_ALLOW'],
    ['default errno of KILL', { defaultAction: 'SCMP_ACT_KILL', defaultErrnoRet: 1 }, 'defaultErrnoRet', 'not for SCMP_ACT_KILL'],
    ['errno too large', rule({ action: 'SCMP_ACT_ERRNO', errnoRet: 4096 }), 'syscalls[0].errnoRet', '0 to 4095'],
    ['errno below zero', { ...DENY, defaultErrnoRet: -1 }, 'defaultErrnoRet', '0 to 4095'],
    ['errno as text', { ...DENY, defaultErrnoRet: '1' }, 'defaultErrnoRet', '0 to 4095'],
    ['seventh argument', argument({ index: 6 }), 'syscalls[0].args[0].index', '0 to 5'],
    ['value too large', argument({ value: 9007199254740992 }), 'syscalls[0].args[0].value', 'not exact in JSON'],
    ['value below zero', argument({ value: -1 }), 'syscalls[0].args[0].value', 'whole number'],
    ['half a value', argument({ valueTwo: 0.5 }), 'syscalls[0].args[0].valueTwo', 'whole number'],
    ['no value', argument({ value: null }), 'syscalls[0].args[0].value', 'must be given'],
    ['no index', argument({ index: null }), 'syscalls[0].args[0].index', 'must be given'],
    ['no operator', argument({ op: null }), 'syscalls[0].args[0].op', 'must be given'],
    ['NOTIFY unheard', rule({ action: 'SCMP_ACT_NOTIFY' }), 'syscalls[0].action', 'needs listenerPath'],
    ['NOTIFY on write', { ...rule({ action: 'SCMP_ACT_NOTIFY', names: ['read', 'write'] }), listenerPath: '/s' }, 'syscalls[0].action', 'cannot be used for write'],
    ['NOTIFY on write, by name', { ...rule({ action: 'SCMP_ACT_NOTIFY', names: null, name: 'write' }), listenerPath: '/s' }, 'syscalls[0].action', 'cannot be used for write'],
    ['NOTIFY by default', { defaultAction: 'SCMP_ACT_NOTIFY', listenerPath: '/s' }, 'defaultAction', 'runc refuses it'],
    ['metadata unheard', { ...DENY, listenerMetadata: 'x' }, 'listenerMetadata', 'needs listenerPath'],
    ['path no text', { ...DENY, listenerPath: 1 }, 'listenerPath', 'must be a text'],
    ['rules no list', { ...DENY, syscalls: {} }, 'syscalls', 'must be a list'],
    ['rule no object', { ...DENY, syscalls: [null] }, 'syscalls[0]', 'must be an object'],
    ['action no text', { defaultAction: 1 }, 'defaultAction', 'must be a text'],
    ['no object', [], '', 'must be an object'],
    ...['4', '4.8.1', '4.x', '', '0.0', '4.256', 'v4.8', '4.'].map((minKernel): [string, unknown, string, string] => [
      `kernel "${minKernel}"`, rule({ includes: { minKernel } }), 'syscalls[0].includes.minKernel', 'two numbers'
    ])
  ])('%s', (_, profile, path, reason, ...[meant]) => {
    const outcome = read(profile)
    expect(outcome).toEqual(E.left([expect.objectContaining({ path, reason: expect.stringContaining(reason) })]))
    expect(E.isLeft(outcome) && outcome.left[0].hint).toBe(meant === undefined ? undefined : `did you mean "${meant}"?`)
  })

  it('shows the value, unless it is a part of the document', () => {
    expect(read({ defaultAction: 'x', syscalls: {} })).toEqual(E.left([
      { path: 'defaultAction', value: 'x', reason: 'is no action of seccomp' }, { path: 'syscalls', reason: 'must be a list' }
    ]))
  })

  it('a kernel that cannot be read cannot be compared', () => {
    expect(read(rule({ includes: { minKernel: '4.8' } }), { kernel: 'linux' })).toMatchObject({
      left: [{ path: 'syscalls[0].includes.minKernel', reason: 'cannot be compared with this host\'s kernel "linux"' }]
    })
    expect(left(rule({}), { kernel: 'linux' })).toEqual(['read'])
  })

  it('a rule that does not hold here is read all the same', () => {
    expect(read(rule({ errnoRet: 1, includes: { arches: ['arm64'] } }))).toMatchObject({ left: [{ path: 'syscalls[0].errnoRet' }] })
  })

  it('tells all at once', () => {
    const outcome = read({
      defaultAction: 'SCMP_ACT_ALLOW', defaultErrnoRet: 9999, archMap: [{}], architectures: ['x'], flags: 'x', more: 1,
      syscalls: [{ name: 'a', names: ['b', 'C'], action: 'x' }, { names: ['write'], action: 'SCMP_ACT_NOTIFY', errnoRet: 1, args: [{}] }]
    })
    expect(E.isLeft(outcome) && outcome.left.map(({ path }) => path)).toEqual([
      'more', 'defaultErrnoRet', 'archMap[0].architecture', 'architectures[0]', 'flags',
      'syscalls[0].names[1]', 'syscalls[0].action', 'syscalls[0].name',
      'syscalls[1].args[0].index', 'syscalls[1].args[0].value', 'syscalls[1].args[0].op', 'syscalls[1].errnoRet', 'syscalls[1].action',
      'archMap', 'defaultErrnoRet', 'syscalls[1].action'
    ])
  })

  it('but not more than a hundred', () => {
    const outcome = read({ ...DENY, architectures: Array.from({ length: 150 }, () => 'x') })
    expect(E.isLeft(outcome) && outcome.left.length).toBe(101)
    expect(E.isLeft(outcome) && outcome.left.at(-1)).toEqual({ path: '', reason: 'has 50 more mistakes' })
  })
})

describe('a text that is no profile', () => {
  it('says where it stops being JSON', () => {
    expect(customProfile('{\n  "defaultAction": "SCMP_ACT_ERRNO",\n}', HOST)).toEqual(
      E.left([{ path: '', reason: 'is not JSON: line 3, column 1 has "}" instead of a name in double quotes' }])
    )
  })

  it('may be up to 1 MiB', () => {
    const text = JSON.stringify(DENY)
    expect(E.isRight(customProfile(text.padEnd(1_048_576), HOST))).toBe(true)
    expect(customProfile(text.padEnd(1_048_577), HOST)).toEqual(E.left([{ path: '', reason: 'is longer than 1 MiB' }]))
  })

  it('may be nested deeply or have very many names', () => {
    const deep = `{"defaultAction":${'['.repeat(400_000)}${']'.repeat(400_000)}}`
    expect(customProfile(deep, HOST)).toEqual(E.left([{ path: 'defaultAction', reason: 'must be a text' }]))
    expect(E.isRight(read(rule({ names: Array.from({ length: 140_000 }, () => 'read') })))).toBe(true)
  })
})
