import { none } from '../../../src/core/facts/Facts'
import { cpusOf, shareFile } from '../../../src/core/resolve/cpuShare'

const SHARE = '/sys/fs/cgroup/cpuset/nomad/share'
const FILE = `${SHARE}/cpuset.effective_cpus`

const with_ = (cpusetCpus: string, cpusetCgroup: string): never => ({ resources: { linuxResources: { cpusetCpus, cpusetCgroup } } }) as never
const answered = (text: string): never => ({ ...none, files: { [FILE]: { kind: 'file', realPath: FILE, text } } }) as never

describe('the cores of a task on cgroup v1', () => {
  it.each([
    ['what Nomad left to all', undefined, '', '1\n', '1'],
    ['a list', undefined, '', '0-2,5\n', '0-2,5'],
    ['its own cores', undefined, '0,2', '1\n', '0,2'],
    ["the job's", '3', '', '1\n', '3'],
    ['every core where the file says nothing', undefined, '', '\n', ''],
    ['every core where the file is none of cores', undefined, '', 'x; y', '']
  ])('are %s', (_what, wanted, own, text, expected) => {
    expect(cpusOf(wanted, with_(own, SHARE), answered(text))).toBe(expected)
  })

  it('are every core where nobody said', () => {
    expect(cpusOf(undefined, with_('', SHARE), none)).toBe('')
  })
})

it('is asked only where the kernel does not hold the task itself', () => {
  expect(shareFile(undefined, with_('', SHARE))).toBe(FILE)
  expect(shareFile(undefined, with_('', `${SHARE}/`))).toBe(FILE)
  for (const [cpus, cgroup] of [['0', SHARE], ['', '/sys/fs/cgroup/nomad.slice/share.slice/x.scope'], ['', '']] as const) {
    expect(shareFile(undefined, with_(cpus, cgroup))).toBeUndefined()
  }
  expect(shareFile('0', with_('', SHARE))).toBeUndefined()
})
