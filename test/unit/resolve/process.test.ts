import * as E from 'fp-ts/Either'

import { codec, TaskConfig } from '../../../src/core/decode/TaskConfig'
import { inAllocation, inTask, readPath } from '../../../src/core/domain/DocumentPath'
import { Secret } from '../../../src/core/domain/Secret'
import { ImageFacts } from '../../../src/core/facts/Facts'
import * as ImageConfig from '../../../src/core/image/ImageConfig'
import { envOf } from '../../../src/core/resolve/env'
import { argsOf, cwdOf } from '../../../src/core/resolve/process'
import { rightOf } from '../../../src/testing/facts'

const taskOf = (options: object): TaskConfig => rightOf(codec.decode({ image: 'redis', ...options }))

const facts = (config: Partial<ImageConfig.ImageConfig>, places: ImageFacts['places'] = {}): ImageFacts => ({ digest: '', chainId: '', config: image(config), passwd: '', group: '', places })

const image = (config: Partial<ImageConfig.ImageConfig>): ImageConfig.ImageConfig => ({ ...ImageConfig.empty, ...config })

const both = image({ entrypoint: ['/entry', '-e'], cmd: ['serve', '-c'] })
const cmdOnly = image({ cmd: ['serve'] })
const entryOnly = image({ entrypoint: ['/entry'] })

describe('what is run: the table of entrypoint, command, args and image', () => {
  it.each<readonly [string, object, ImageConfig.ImageConfig, ReadonlyArray<string>]>([
    ['the image decides', {}, both, ['/entry', '-e', 'serve', '-c']],
    ['an image with a command only', {}, cmdOnly, ['serve']],
    ['an image with an entrypoint only', {}, entryOnly, ['/entry']],
    ['a command takes the place of the image\'s', { command: 'x' }, both, ['/entry', '-e', 'x']],
    ['args alone take the place of the image\'s command', { args: ['a', 'b'] }, both, ['/entry', '-e', 'a', 'b']],
    ['command and args', { command: 'x', args: ['a'] }, both, ['/entry', '-e', 'x', 'a']],
    ['an entrypoint drops the image\'s command', { entrypoint: ['e'] }, both, ['e']],
    ['an entrypoint with a command', { entrypoint: ['e', 'f'], command: 'x' }, both, ['e', 'f', 'x']],
    ['an entrypoint with args', { entrypoint: ['e'], args: ['a'] }, both, ['e', 'a']],
    ['an entrypoint over an image with a command only', { entrypoint: ['e'] }, cmdOnly, ['e']],
    ['[""] clears the entrypoint', { entrypoint: [''], command: 'x' }, both, ['x']],
    ['[""] with args', { entrypoint: [''], args: ['a', 'b'] }, both, ['a', 'b']],
    ['an empty list is no entrypoint', { entrypoint: [] }, both, ['/entry', '-e', 'serve', '-c']],
    ['an empty image and a command', { command: 'x' }, ImageConfig.empty, ['x']],
    ['empty arguments stay', { command: 'x', args: ['', ''] }, cmdOnly, ['x', '', '']]
  ])('%s', (_what, options, config, args) => { expect(argsOf(taskOf(options), config)).toEqual(E.right(args)) })

  const nothing = 'nothing is left to run: the image names no command'
  const empty = 'the program to run has an empty name'
  it.each<readonly [object, ImageConfig.ImageConfig, string, string]>([
    [{}, ImageConfig.empty, 'task.command', nothing], [{ entrypoint: [''] }, both, 'task.entrypoint', 'nothing is left to run: the entrypoint replaces what the image runs'],
    [{ command: '' }, cmdOnly, 'task.command', empty], [{ entrypoint: ['', 'x'] }, both, 'task.entrypoint', empty],
    [{}, image({ cmd: [''] }), 'task.command', empty]
  ])('%j is refused', (options, config, at, reason) => {
    expect(argsOf(taskOf(options), config)).toEqual(E.left({ _tag: 'Missing', at: readPath(at), reason, hint: 'set `command`' }))
  })
})

describe('where it is run', () => {
  it.each([
    [{}, '', '/'], [{}, '/app', '/app'], [{ cwd: '/job' }, '/app', '/job'], [{ cwd: '/b/c/' }, '', '/b/c'], [{}, '/x/', '/x'],
    [{}, '/a/../b', '/b'], [{}, '/a//b', '/a/b'], [{}, '/x/./y', '/x/y'], [{}, '/x/..', '/'], [{}, '/../../y', '/y'], [{ cwd: '/ok' }, '/proc/self/fd/7', '/ok'], [{ cwd: '/ok' }, 'x\0', '/ok'],
    [{ cwd: '/procfs' }, '', '/procfs'], [{ cwd: '/dev' }, '', '/dev']
  ])('%j in an image with %j: %s', (options, cwd, path) => { expect(cwdOf(taskOf(options), facts({ cwd }))).toEqual(E.right(path)) })

  it.each(['proc/self', 'app', './app', '../app', '/proc/self/fd/7', '/proc', '/dev/fd/7', '/x/../proc/self', '//proc//self', '/dev/./fd/7', '/proc/x/../self', '/a/../../proc'])("an image's %j is refused (CVE-2024-21626)", (cwd) => {
    expect(cwdOf(taskOf({}), facts({ cwd }))).toMatchObject({ left: { _tag: 'BadValue', at: inTask('cwd'), hint: 'set `cwd`' } })
  })
})

describe('where it is run, through links of the image', () => {
  it.each(['/proc/self/fd/7', '/proc', '/dev/fd/7'])('to %s is refused (CVE-2024-21626)', (realPath) => {
    const places = { '/app': { kind: 'absent', realPath } } as const
    expect(cwdOf(taskOf({}), facts({ cwd: '/app/' }, places))).toMatchObject({
      left: { _tag: 'BadValue', at: inTask('cwd'), reason: `leads through links of the image to ${realPath}, and the working directory must not lie below /proc or /dev/fd` }
    })
    expect(cwdOf(taskOf({ cwd: '/app' }), facts({ cwd: '/' }, places))).toMatchObject({ left: { at: inTask('cwd') } })
  })

  it('to anywhere else is as written', () => {
    for (const kind of ['directory', 'above'] as const) {
      expect(cwdOf(taskOf({}), facts({ cwd: '/app' }, { '/app': { kind, realPath: '/usr/app' } }))).toEqual(E.right('/app'))
    }
  })
})

describe('with which environment', () => {
  const shown = (nomad: Readonly<Record<string, string>>, env: ReadonlyArray<string>): unknown =>
    E.map((made: Readonly<Record<string, Secret>>) => Object.fromEntries(Object.entries(made).map(([name, value]) => [name, value.reveal()])))(
      envOf(Object.fromEntries(Object.entries(nomad).map(([name, value]) => [name, Secret(value)])), image({ env }), [], { terminal: false, hostname: '' })
    )
  const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

  it.each<readonly [string, Readonly<Record<string, string>>, ReadonlyArray<string>, object]>([
    ['a PATH at least', {}, [], { PATH }],
    ["the image's PATH before the default", {}, ['PATH=/i'], { PATH: '/i' }],
    ["Nomad's before the image's", { PATH: '/n', A: '1' }, ['PATH=/i', 'A=2', 'B=3'], { PATH: '/n', A: '1', B: '3' }],
    ['the last of two lines of the image', {}, ['A=1', 'A=2'], { PATH, A: '2' }],
    ['an entry of the image without a name is left out', {}, ['=secret', '', 'A=1'], { PATH, A: '1' }],
    ['a value may have `=`, a line may have no value', {}, ['A=b=c', 'B', 'C='], { PATH, A: 'b=c', B: '', C: '' }]
  ])('%s', (_what, nomad, env, made) => { expect(shown(nomad, env)).toEqual(E.right(made)) })

  it('a bad name is told, and no value', () => {
    const reason = 'is no name of an environment variable (empty, or with `=` or NUL)'
    expect(shown({ '': 'secret', 'a=b': 'secret', 'n': 'sec\u0000ret' }, ['=secret'])).toEqual(E.left([
      { _tag: 'BadValue', at: inAllocation('env'), value: '""', reason },
      { _tag: 'BadValue', at: inAllocation('env'), value: '"a=b"', reason },
      { _tag: 'BadValue', at: inAllocation('env', 'n'), reason: 'must not contain a NUL byte' }
    ]))
  })
})
