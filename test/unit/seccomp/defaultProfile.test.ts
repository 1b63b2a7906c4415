import { Seccomp, SyscallRule } from '../../../src/core/domain/Oci'
import { DEFAULT_PROFILE, defaultProfile } from '../../../src/core/seccomp/defaultProfile'
import { isKernelAtLeast, SeccompHost } from '../../../src/core/seccomp/SeccompHost'

const HOST: SeccompHost = { architecture: 'amd64', kernel: '6.1.0-18-amd64', capabilities: [] }

const rulesOf = (filter: Seccomp, name: string): ReadonlyArray<SyscallRule> =>
  filter.syscalls.filter(({ names }) => names.includes(name))

const isAllowed = (on: Partial<SeccompHost>, name: string): boolean =>
  rulesOf(defaultProfile({ ...HOST, ...on }), name).some(({ action }) => action === 'SCMP_ACT_ALLOW')

describe("containerd's default profile", () => {
  it('says whose it is', () => { expect(DEFAULT_PROFILE).toBe('containerd 2.3.4') })

  it('refuses with EPERM what it does not name', () => {
    expect(defaultProfile(HOST)).toMatchObject({ defaultAction: 'SCMP_ACT_ERRNO' })
    expect(defaultProfile(HOST)).not.toHaveProperty('defaultErrnoRet')
  })

  it('allows 363 system calls on any host', () => {
    const [always] = defaultProfile(HOST).syscalls
    expect(always).toMatchObject({ action: 'SCMP_ACT_ALLOW' })
    expect(always).not.toHaveProperty('args')
    expect(always?.names).toHaveLength(363)
    expect(always?.names).toEqual(expect.arrayContaining(['read', 'mseal', 'uretprobe', 'listmount', 'name_to_handle_at']))
    expect(always?.names).not.toEqual(expect.arrayContaining(['io_uring_setup']))
  })

  it.each([
    ['amd64', ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']],
    ['arm64', ['SCMP_ARCH_ARM', 'SCMP_ARCH_AARCH64']],
    ['s390x', ['SCMP_ARCH_S390', 'SCMP_ARCH_S390X']],
    ['riscv64', ['SCMP_ARCH_RISCV64']],
    ['loong64', ['SCMP_ARCH_LOONGARCH64']]
  ])('%s: names the architectures of the family', (architecture, expected) => {
    expect(defaultProfile({ ...HOST, architecture }).architectures).toEqual(expected)
  })

  it.each(['ppc64le', '386', 'arm', 'constructor'])('%s: is for the native architecture alone', (architecture) => {
    expect(defaultProfile({ ...HOST, architecture })).not.toHaveProperty('architectures')
  })

  it.each([
    ['amd64', 'arch_prctl', 'set_tls'],
    ['arm64', 'set_tls', 'modify_ldt'],
    ['386', 'modify_ldt', 'arch_prctl'],
    ['ppc64le', 'swapcontext', 'arch_prctl'],
    ['s390x', 's390_runtime_instr', 'swapcontext'],
    ['riscv64', 'riscv_hwprobe', 's390_runtime_instr']
  ])('%s: has %s and not %s', (architecture, has, hasNot) => {
    expect([isAllowed({ architecture }, has), isAllowed({ architecture }, hasNot)]).toEqual([true, false])
  })

  it('opens sockets of every family but AF_ALG and AF_VSOCK', () => {
    expect(rulesOf(defaultProfile(HOST), 'socket').map(({ args }) => args)).toEqual([
      [{ index: 0, value: 38, op: 'SCMP_CMP_LT' }],
      [{ index: 0, value: 39, op: 'SCMP_CMP_EQ' }],
      [{ index: 0, value: 40, op: 'SCMP_CMP_GT' }]
    ])
  })

  it('takes five personalities', () => {
    expect(rulesOf(defaultProfile(HOST), 'personality').map(({ args }) => args?.[0]?.value)).toEqual([0, 8, 131072, 131080, 4294967295])
  })
})

describe('the kernel', () => {
  it.each([
    ['4.8', true], ['4.8.0-rc1', true], ['4.10', true], ['6.1.0-18-amd64', true], ['10.0tag', true],
    ['4.7.99', false], ['3.19.8', false], ['', false], ['4', false], ['4.', false], ['-4.8', false], ['linux 6.1', false]
  ])('"%s" may trace: %s', (kernel, expected) => {
    expect(isAllowed({ kernel }, 'ptrace')).toBe(expected)
    expect(isAllowed({ kernel }, 'process_vm_readv')).toBe(expected)
    expect(isKernelAtLeast({ ...HOST, kernel }, [4, 8])).toBe(expected)
  })
})

describe('the bounding set', () => {
  it.each([
    ['CAP_DAC_READ_SEARCH', 'open_by_handle_at'], ['CAP_SYS_ADMIN', 'mount'], ['CAP_SYS_ADMIN', 'clone3'], ['CAP_SYS_BOOT', 'reboot'],
    ['CAP_SYS_CHROOT', 'chroot'], ['CAP_SYS_MODULE', 'finit_module'], ['CAP_SYS_PACCT', 'acct'], ['CAP_SYS_PTRACE', 'kcmp'],
    ['CAP_SYS_RAWIO', 'iopl'], ['CAP_SYS_TIME', 'clock_settime64'], ['CAP_SYS_TTY_CONFIG', 'vhangup'], ['CAP_SYS_NICE', 'mbind'],
    ['CAP_SYSLOG', 'syslog'], ['CAP_BPF', 'bpf'], ['CAP_PERFMON', 'perf_event_open']
  ])('%s adds %s', (capability, name) => {
    expect(isAllowed({ capabilities: [] }, name)).toBe(false)
    expect(isAllowed({ capabilities: ['CAP_CHOWN', capability] }, name)).toBe(true)
  })

  it('ptrace of an old kernel comes with CAP_SYS_PTRACE', () => {
    expect(isAllowed({ kernel: '4.7', capabilities: ['CAP_SYS_PTRACE'] }, 'ptrace')).toBe(true)
  })

  it('without CAP_SYS_ADMIN there are no new namespaces, and libc is told to use clone', () => {
    expect(rulesOf(defaultProfile(HOST), 'clone')).toEqual([
      { names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 2114060288, op: 'SCMP_CMP_MASKED_EQ' }] }
    ])
    expect(rulesOf(defaultProfile(HOST), 'clone3')).toEqual([{ names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 }])
  })

  it.each(['s390', 's390x'])('%s: the flags are the second argument of clone', (architecture) => {
    expect(rulesOf(defaultProfile({ ...HOST, architecture }), 'clone')[0]?.args?.[0]?.index).toBe(1)
  })

  it('with CAP_SYS_ADMIN clone and clone3 are free', () => {
    const filter = defaultProfile({ ...HOST, capabilities: ['CAP_SYS_ADMIN'] })
    expect([...rulesOf(filter, 'clone'), ...rulesOf(filter, 'clone3')].map(({ args, errnoRet }) => [args, errnoRet])).toEqual([
      [undefined, undefined], [undefined, undefined]
    ])
  })
})
