import { compact } from '../../../src/core/domain/canonical'
import { digestOf } from '../../../src/core/domain/digest'
import { Process } from '../../../src/core/domain/Oci'
import { undosOf } from '../../../src/core/plan/Plan'
import { planCloseInput, planResize } from '../../../src/core/plan/planConsole'
import { execName, ExecRequest, isExecName, planExec, undosOfExec } from '../../../src/core/plan/planExec'
import { render } from '../../../src/core/plan/render'

const stored: Process = {
  args: ['nginx', '-g', 'daemon off;'], env: ['PATH=/bin', 'GREETING=good day'], cwd: '/srv', terminal: true,
  consoleSize: { width: 80, height: 25 },
  user: { uid: 33, gid: 33, umask: 18, additionalGids: [4, 33] },
  capabilities: { bounding: ['CAP_CHOWN'], effective: ['CAP_CHOWN'], permitted: ['CAP_CHOWN'] },
  rlimits: [{ type: 'RLIMIT_NOFILE', soft: 1024, hard: 18446744073709551615n }],
  noNewPrivileges: true, oomScoreAdj: 100, apparmorProfile: 'web', selinuxLabel: 'system_u:system_r:container_t:s0:c1,c2'
}

const request: ExecRequest = {
  owner: 'a1/web/1', container: 'web-1', exec: 'exec-m1-1', directory: '/run/d/web-1', command: ['ls', '-l'], terminal: false, input: true
}

describe('the process of an exec is the task\'s own', () => {
  it('with other arguments and without its terminal, and nothing else', () => {
    const { consoleSize: _size, ...rest } = stored
    expect(planExec(stored, request).process).toEqual({ ...rest, args: ['ls', '-l'], terminal: false })
  })

  it('on a terminal it is told the kind of it, unless the task says another', () => {
    const on = { ...request, terminal: true }
    expect(planExec(stored, on).process).toMatchObject({ terminal: true, env: [...stored.env, 'TERM=xterm'] })
    expect(planExec({ ...stored, env: ['TERM=vt100'] }, on).process.env).toEqual(['TERM=vt100'])
  })

  it('what is stored is not touched', () => {
    const before = compact(stored)
    planExec(stored, { ...request, terminal: true })
    expect(compact(stored)).toBe(before)
  })
})

describe('the plan of an exec', () => {
  it('reads as its steps', () => {
    const { plan, process } = planExec(stored, request)
    const digest = digestOf(compact(process)).slice(0, 19)
    expect(render(plan)).toBe(
      `exec a1/web/1 · 3 steps
  + MakeStreams      /run/d/web-1/exec-m1-1: stdin, stdout, stderr  ↩ RemoveStreams  its bytes pass through named pipes of ours
  + CreateExec       exec-m1-1 in web-1 with ${digest}    ↩ DeleteExec     the task's own process, with ls for its program
  + StartExec        exec-m1-1                                      ↩ KillExec       run ls
`
    )
  })

  it.each([
    [{ input: true, terminal: false }, { stdin: 'stdin', stdout: 'stdout', stderr: 'stderr' }],
    [{ input: false, terminal: false }, { stdin: '', stdout: 'stdout', stderr: 'stderr' }],
    [{ input: true, terminal: true }, { stdin: 'stdin', stdout: 'stdout', stderr: '' }],
    [{ input: false, terminal: true }, { stdin: '', stdout: 'stdout', stderr: '' }]
  ])('makes the pipes that it names, and no other: %j', (how, named) => {
    const [streams, create] = planExec(stored, { ...request, ...how }).plan.steps
    const at = (name: string): string => (name === '' ? '' : `/run/d/web-1/exec-m1-1/${name}`)
    expect(create?.act).toMatchObject({ stdin: at(named.stdin), stdout: at(named.stdout), stderr: at(named.stderr), terminal: how.terminal })
    expect(streams?.act).toMatchObject({ names: Object.values(named).filter((name) => name !== '') })
  })

  it('is taken back by what its name alone tells', () => {
    expect(undosOf(planExec(stored, request).plan)).toEqual(undosOfExec(request))
  })

  it('what is told to it later is a plan too', () => {
    const of = { owner: 'a1/web/1', container: 'web-1', exec: 'exec-m1-1' }
    expect(render(planResize(of, 80, 25)) + render(planCloseInput(of))).toBe(
      `stop a1/web/1 · 1 steps
  ! ResizeExec       exec-m1-1 80 × 25  ↩ (kept: the next size takes its place)  the caller's terminal has this size
stop a1/web/1 · 1 steps
  ! CloseInput       exec-m1-1  ↩ (kept: what has ended does not begin again)  the caller has no more input
`
    )
  })
})

it('names are what containerd takes, are told apart, and only ours are known again', () => {
  const names = [execName(1_893_456_000_000, 1), execName(1_893_456_000_000, 2), execName(1_893_456_000_001, 1)]
  expect(new Set(names).size).toBe(3)
  for (const name of names) {
    expect(name).toMatch(/^[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*$/)
    expect(name.length).toBeLessThan(77)
    expect(isExecName(name)).toBe(true)
  }
  expect(['mounts', 'hosts', 'exec-', 'exec-1', 'exec-a-b', '../exec-1-1', 'exec-1-1/'].filter(isExecName)).toEqual([])
})
