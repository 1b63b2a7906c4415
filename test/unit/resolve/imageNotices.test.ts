import { pathText } from '../../../src/core/domain/DocumentPath'
import { Notice } from '../../../src/core/domain/Notice'
import { empty, ImageConfig } from '../../../src/core/image/ImageConfig'
import { imageNotices } from '../../../src/core/resolve/imageNotices'
import { Request } from '../../../src/core/resolve/Request'

const told = (config: Partial<ImageConfig>, task: object = {}, host: { readonly architecture: string } | undefined = { architecture: 'amd64' }): ReadonlyArray<Notice> =>
  imageNotices({ task: task as Request['task'] }, { ...empty, ...config }, host)
const lines = (...of: Parameters<typeof told>): ReadonlyArray<string> => told(...of).map(({ at, text }) => `${pathText(at)} ${text}`)

it.each([[['=x'], 1], [['A=1', ''], 1], [['A=1', 'B', 'C=d=e'], 0], [[], 0]])('an image with the variables %j is worth %d words, and shows no value', (env, count) => {
  expect(told({ env })).toHaveLength(count)
  expect(JSON.stringify(told({ env }))).not.toContain('x"')
})

it.each([['/srv//www', '/srv/www'], ['/app/../srv', '/srv'], ['/app/.', '/app'], ['/x/..', '/'], ['/../app', '/app']])('a directory %s is told as %s, unless the job has its own', (cwd, as) => {
  expect(lines({ cwd })).toEqual([`image.config.WorkingDir has \`.\`, \`..\` or slashes too many: taken as ${as}`])
  expect(lines({ cwd }, { cwd: '/' })).toEqual([])
})

it.each(['', '/', '/app', '/app/', 'app'])('a directory %j is worth no word', (cwd) => { expect(lines({ cwd })).toEqual([]) })

it('a signal that is none is told', () => {
  expect(lines({ stopSignal: 'SIGNOPE' })).toEqual(['image.config.StopSignal is no signal: SIGTERM ends the task, unless the job has a `kill_signal`'])
  expect(lines({ stopSignal: 'SIGINT' })).toEqual([])
})

describe('an image for another machine', () => {
  it('is told with both architectures, before anything starts', () => {
    expect(lines({ architecture: 'arm64' })).toEqual([expect.stringMatching(/^image.architecture is arm64, and this host is amd64: .*exec format error.*`platform`/) as string])
    expect(lines({ architecture: 'amd64' }, {}, { architecture: 'arm64' })).toHaveLength(1)
  })

  it.each([['amd64', 'amd64'], ['x86_64', 'amd64'], ['386', 'amd64'], ['arm', 'arm64'], ['aarch64', 'arm64'], ['', 'amd64']])('%s on %s is none', (architecture, host) => {
    expect(lines({ architecture }, {}, { architecture: host })).toEqual([])
  })

  it('is what a job with `platform` asked for, and nothing is said of a host that nobody looked at', () => {
    expect(lines({ architecture: 'arm64' }, { platform: 'linux/arm64' })).toEqual([])
    expect(imageNotices({ task: {} as Request['task'] }, { ...empty, architecture: 'arm64' }, undefined)).toEqual([])
  })
})
