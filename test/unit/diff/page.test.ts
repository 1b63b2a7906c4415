import * as fs from 'node:fs'
import * as path from 'node:path'

import { Verdict } from '../../../src/core/diff/Change'
import { Json } from '../../../src/core/domain/Json'
import { changes, FULL, SPEC, verdictOf } from './sample'

type Edit = readonly [string, Json | undefined]

/** A document whose driver makes one file, which is not mounted yet. */
const BEFORE = { ...(FULL as object), mounts: [{ _tag: 'File', path: '/var/lib/containerd-driver/x/hosts' }] } as Json

const without = (option: string): Edit => ['spec/mounts/0/options', ['nosuid', 'noexec', 'nodev'].filter((one) => one !== option)]

/** What docs/diff.md says is given to each verdict, and an edit for each thing that it names. */
const EXAMPLES: Readonly<Record<Verdict, Readonly<Record<string, ReadonlyArray<Edit>>>>> = {
  weakens: {
    'a capability, device, hook, group, port or system call more': [
      ['spec/process/capabilities/bounding/1', 'CAP_SYS_ADMIN'], ['spec/linux/devices/1', { path: '/dev/sda', type: 'b', major: 8, minor: 0 }], ['spec/hooks', { poststart: [{ path: '/bin/x' }] }],
      ['spec/process/user/additionalGids/1', 6], ['network', { _tag: 'Join', netns: '/run/netns/a', ports: [{ label: 'http', hostPort: 80, to: 80 }] }], ['spec/linux/seccomp/syscalls/2', { names: ['mount'], action: 'SCMP_ACT_ALLOW' }]
    ],
    'a mount that can be written, or that shows the host': [
      ['spec/mounts/3/options', ['bind', 'rw', 'rprivate']], ['spec/mounts/6', { destination: '/host', type: 'bind', source: '/srv', options: ['rbind', 'ro'] }]
    ],
    "a namespace less, the host's network": [['spec/linux/namespaces/0', undefined], ['network', { _tag: 'Host' }]],
    'a higher limit': [['spec/linux/resources/memory/limit', 1001], ['spec/linux/resources/pids/limit', 11], ['spec/process/rlimits/0/hard', 11]],
    'a mask, read-only path, `nosuid`, `nodev`, `noexec`, filter, profile or `no_new_privileges` less': [
      ['spec/linux/maskedPaths', []], ['spec/linux/readonlyPaths', []], without('nosuid'), without('nodev'), without('noexec'), ['spec/linux/seccomp', undefined],
      ['spec/process/apparmorProfile', undefined], ['spec/process/noNewPrivileges', false]
    ],
    'root as the user': [['spec/process/user/uid', 0]]
  },
  tightens: {
    'the reverse': [
      ['spec/process/capabilities/bounding', []], ['spec/linux/devices', []], ['spec/process/user/additionalGids', []], ['spec/linux/seccomp/syscalls/0/names', ['clone']], ['spec/mounts/2/options', ['bind', 'ro', 'nosuid']],
      ['spec/linux/namespaces/4', { type: 'ipc' }], ['spec/linux/resources/memory/limit', 999], ['spec/linux/maskedPaths/1', '/proc/keys'], ['spec/linux/readonlyPaths/1', '/proc/bus'], ['network', { _tag: 'Isolated' }]
    ]
  },
  neutral: {
    'another program, setting, name, label or share inside the same walls': [
      ['spec/process/args', ['other']], ['spec/process/env/0', 'PATH=/sbin'], ['container/id', 'b'], ['container/labels/mine', 'y'], ['spec/linux/resources/cpu/shares', 200]
    ],
    'a read-only file that the driver itself makes': [['spec/mounts/6', { destination: '/etc/hosts', type: 'bind', source: '/var/lib/containerd-driver/x/hosts', options: ['rbind', 'ro'] }]]
  },
  unknown: {
    'another image or runtime': [['container/image/digest', 'sha256:c'], ['container/runtime/name', 'io.containerd.kata.v2']],
    'a refusal': [['issues', [{ _tag: 'Missing', at: 'task.image', reason: 'must be set' }]]],
    'sysctls, annotations, raw cgroup settings': [['spec/linux/sysctl', { 'net.ipv4.ip_forward': '1' }], ['spec/annotations', { a: 'b' }], ['spec/linux/resources/unified', { 'memory.max': 'max' }]],
    'what this program has no rule for': [['odd', 1], ['spec/vm', { kernel: { path: '/x' } }], ['spec/linux/timeOffsets', { monotonic: { secs: 1 } }]]
  }
}

const page = fs.readFileSync(path.join(__dirname, '../../../docs/diff.md'), 'utf8')

/** The table below "Verdicts": each verdict with the things that it is given to. */
const rows = new Map(Array.from(page.matchAll(/^\| `(weakens|tightens|neutral|unknown)` \| (.*) \|$/gm), ([, verdict = '', things = '']) => [verdict, things.split('; ')]))

describe.each(Object.entries(EXAMPLES))('docs/diff.md says that %s is given to', (verdict, examples) => {
  it('what has an example here', () => { expect(rows.get(verdict)).toEqual(Object.keys(examples)) })

  it.each(Object.entries(examples).flatMap(([thing, edits]) => edits.map((edit) => [thing, ...edit] as const)))('%s: %s', (_thing, place, value) => {
    expect(verdictOf(changes(BEFORE, place, value))).toBe(verdict)
  })
})

it('the worst of several is told, in the order that the page gives', () => {
  const [, order = ''] = /has the worst of them: (.*)\. Each verdict/.exec(page) ?? []
  expect([...order.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(['weakens', 'unknown', 'neutral', 'tightens'])
  const both = { ...(SPEC as object), annotations: { a: 'b' } } as Json
  expect(verdictOf(changes(both, 'annotations', undefined))).toBe('unknown')
})
