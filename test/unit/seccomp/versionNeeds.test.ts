import { Seccomp } from '../../../src/core/domain/Oci'
import { defaultProfile } from '../../../src/core/seccomp/defaultProfile'
import { needsOf } from '../../../src/core/seccomp/versionNeeds'

const PLAIN: Seccomp = { defaultAction: 'SCMP_ACT_ERRNO', architectures: ['SCMP_ARCH_X86_64'], syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW' }] }

const withRule = (action: string): Partial<Seccomp> => ({ syscalls: [...PLAIN.syscalls, { names: ['write'], action }] })

describe('the version of the runtime spec that a filter needs', () => {
  it.each<[string, Partial<Seccomp>, string]>([
    ['nothing special', {}, '1.0.0'],
    ['KILL', { defaultAction: 'SCMP_ACT_KILL' }, '1.0.0'],
    ['TRAP and TRACE', { defaultAction: 'SCMP_ACT_TRAP', ...withRule('SCMP_ACT_TRACE') }, '1.0.0'],
    ['LOG as the default', { defaultAction: 'SCMP_ACT_LOG' }, '1.0.2'],
    ['LOG in a rule', withRule('SCMP_ACT_LOG'), '1.0.2'],
    ['flags', { flags: ['SECCOMP_FILTER_FLAG_LOG'] }, '1.0.2'],
    ['an empty list of flags', { flags: [] }, '1.0.2'],
    ['WAIT_KILLABLE_RECV', { flags: ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'] }, '1.1.0'],
    ['KILL_PROCESS', { defaultAction: 'SCMP_ACT_KILL_PROCESS' }, '1.1.0'],
    ['KILL_THREAD', withRule('SCMP_ACT_KILL_THREAD'), '1.1.0'],
    ['NOTIFY', withRule('SCMP_ACT_NOTIFY'), '1.1.0'],
    ['listenerPath', { listenerPath: '/run/agent.sock' }, '1.1.0'],
    ['listenerMetadata', { listenerMetadata: 'x' }, '1.1.0'],
    ['defaultErrnoRet', { defaultErrnoRet: 1 }, '1.1.0'],
    ['errnoRet', { syscalls: [{ names: ['read'], action: 'SCMP_ACT_ERRNO', errnoRet: 0 }] }, '1.1.0'],
    ['riscv64', { architectures: ['SCMP_ARCH_RISCV64'] }, '1.1.0']
  ])('%s', (_, over, expected) => { expect(needsOf({ ...PLAIN, ...over })).toBe(expected) })

  it('the default profile needs 1.1.0 for the ENOSYS of clone3, and 1.0.0 where clone3 is free', () => {
    const on = { architecture: 'amd64', kernel: '6.1', capabilities: [] }
    expect(needsOf(defaultProfile(on))).toBe('1.1.0')
    expect(needsOf(defaultProfile({ ...on, capabilities: ['CAP_SYS_ADMIN'] }))).toBe('1.0.0')
  })
})
