import * as E from 'fp-ts/Either'

import { pathText } from '../../../src/core/domain/DocumentPath'
import { REDACTED } from '../../../src/core/domain/Secret'
import * as explain from '../../../src/core/report/explain'
import { decode, Documents } from '../../../src/core/resolve/Request'

const allocation = { id: 'a/web/1', name: 'web', allocDir: '/alloc/a' }
const plugin = { containerd_runtime: 'io.containerd.runc.v2' }

interface More {
  readonly plugin?: object
  readonly allocation?: object
}

const told = (task: unknown, more: More = {}): string => {
  const outcome = decode({ task, plugin: { ...plugin, ...more.plugin }, allocation: { ...allocation, ...more.allocation } })
  return E.isLeft(outcome) ? explain.issues(outcome.left) : ''
}

const mounted = (...mounts: ReadonlyArray<object>): object => ({ image: 'redis', mounts })

it.each<readonly [string, unknown, string]>([
  ['no image', {}, 'task.image: is required\n'], ['a null image', { image: null }, 'task.image: is required\n'],
  ['no block', [], 'task = []: must be a block of options\n'], ['a number for a text', { image: 7 }, 'task.image = 7: must be a string\n'],
  ['a name that is none', { image: 'Redis' }, 'task.image = "Redis": must be in lower case up to the tag\n'],
  ['an unknown option', { image: 'redis', comand: 'x' }, 'task.comand: is no option here; did you mean "command"?\n'],
  ['a bad item of a list', { image: 'redis', args: ['a', 1] }, 'task.args[1] = 1: must be a string\n'],
  ['a relative cwd', { image: 'redis', cwd: 'x' }, 'task.cwd = "x": must be an absolute path in the container\n'],
  ['a cwd in the runtime', { image: 'redis', cwd: '/dev/fd/8' }, 'task.cwd = "/dev/fd/8": must not lie below /proc or /dev/fd\n'],
  ['a host name with `-` at its end', { image: 'redis', hostname: 'a-' }, 'task.hostname = "a-": must be letters, digits, `_`, `-` and `.`, no part with `-` at an end, at most 64 characters\n'],
  ['a password that is no text', { image: 'redis', auth: { username: 'u', password: 7 } }, `task.auth.password = "${REDACTED}": must be a string\n`],
  ['a login without a password', { image: 'redis', auth: { username: 'u' } }, 'task.auth.password: is required\n'],
  ['a mount of no type', mounted({ type: 'nfs', target: '/a' }), 'task.mounts[0].type = "nfs": must be one of "volume", "bind", "tmpfs"\n'],
  ['a mount without a place', mounted({ source: 'v' }), 'task.mounts[0].target: is required\n'],
  ['a mount at the root', mounted({ source: 'v', target: '/..' }), 'task.mounts[0].target = "/..": must not be the root of the container\n'],
  ['a mount below /proc', mounted({ source: 'v', target: '/x/../proc/sys' }), 'task.mounts[0].target = "/x/../proc/sys": must not lie below /proc\n'],
  ['a relative place', mounted({ source: 'v', target: 'data' }), 'task.mounts[0].target = "data": must be an absolute path in the container\n'],
  ['two mounts at one place', mounted({ source: 'v', target: '/a' }, { source: 'w', target: '/a/' }), 'task.mounts[1].target = "/a/": another mount of the task stands there\n'],
  ['a bind without a source', mounted({ type: 'bind', target: '/a' }), 'task.mounts[0].source: a bind mount needs a host path\n'],
  ['a volume with a path for a name', mounted({ target: '/a', source: '../b' }),
    'task.mounts[0].source = "../b": is no volume name (letters, digits, `_`, `.`, `-`); use `type = "bind"` for a path below the task directory\n']
])('%s', (_what, task, text) => { expect(told(task)).toBe(text) })

it('a privileged task on a host that forbids it is told which option says so', () => {
  expect(told({ image: 'redis', privileged: true }, { plugin: { allow_privileged: false } })).toBe(
    'task.privileged = true: the plugin option `allow_privileged` is false on this host\n'
  )
})

it('the host\'s network excludes the group\'s', () => {
  expect(told({ image: 'redis', host_network: true }, { allocation: { networkIsolationSpec: { path: '/var/run/netns/x' } } })).toBe(
    'task.host_network = true: excludes the network that the group asks for; remove `host_network` or the `network { mode = … }` of the group\n'
  )
})

it('every mistake of all three documents is told at once, in the order of their paths', () => {
  const outcome = decode({ task: { cwd: 'x', imag: 'y' }, plugin: { stats_interval: 'often' }, allocation: { name: 'web' } })
  expect(E.isLeft(outcome) && outcome.left.map(({ _tag, at }) => `${_tag} ${pathText(at)}`)).toEqual([
    'Missing allocation.allocDir', 'Missing allocation.id', 'Missing plugin.containerd_runtime', 'BadValue plugin.stats_interval',
    'BadValue task.cwd', 'UnknownOption task.imag', 'Missing task.image'
  ])
})

it('what is left out has its default', () => {
  expect(decode({ task: { image: 'redis' }, plugin, allocation })).toMatchObject({
    right: {
      task: { image: { written: 'redis', value: { name: 'docker.io/library/redis:latest' } }, args: [], entrypoint: [], host_dns: true, readonly_rootfs: false, mounts: [], command: undefined },
      plugin: { enabled: true, address: '/run/containerd/containerd.sock', namespace: 'nomad', snapshotter: 'overlayfs' },
      allocation: { id: 'a/web/1', user: '', mounts: [], devices: [], env: {} }
    }
  })
})

it('a mistake in one of several texts hides nothing that is wrong with the others', () => {
  const task = { image: 'redis', volumes: ['a', '/etc:/etc'], extra_hosts: ['x', 'db:10.0.0.1'], ulimit: { nofile: '1', NOFILE: '2', nproc: 'x', bogus: '1' } }
  expect(issuesOf({ task, plugin, allocation })).toEqual([
    'BadValue task.extra_hosts[0] "x"', 'Conflict task.ulimit.NOFILE "2"', 'UnknownOption task.ulimit.bogus undefined', 'BadValue task.ulimit.nproc "x"', 'BadValue task.volumes[0] "a"',
    'RefusedByPolicy task.volumes[1] "/etc"'
  ])
})

const issuesOf = (documents: Documents): ReadonlyArray<string> => {
  const outcome = decode({ ...documents, plugin: { ...plugin, volumes: { allowed_paths: ['/srv'] } } })
  return E.isLeft(outcome) ? outcome.left.map(({ _tag, at, value }) => `${_tag} ${pathText(at)} ${value}`) : []
}
