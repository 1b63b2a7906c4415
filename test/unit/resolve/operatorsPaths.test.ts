import * as E from 'fp-ts/Either'

import { pathText } from '../../../src/core/domain/DocumentPath'
import { Issue } from '../../../src/core/domain/Issue'
import { Facts, none } from '../../../src/core/facts/Facts'
import { sampleFacts } from '../../../src/core/facts/sampleFacts'
import * as ImageConfig from '../../../src/core/image/ImageConfig'
import { questionsOf } from '../../../src/core/resolve/questionsOf'
import * as Request from '../../../src/core/resolve/Request'
import { translate } from '../../../src/core/translate'

const ALL = '/data/jobs'
const [OWN, OTHER] = ['5e3c1d2f-7a44-4b1e-9c55-0d3c8a6b7e10', '0a1b2c3d-7a44-4b1e-9c55-0d3c8a6b7e10']

type Links = Readonly<Record<string, string>>

const spoken = (issues: ReadonlyArray<Issue>): ReadonlyArray<string> => issues.map(({ at, reason }) => `${pathText(at)}: ${reason}`)

const told = (task: object, plugin: object, links: Links = {}): ReadonlyArray<string> => {
  const decoded = Request.decode({
    task: { image: 'redis', command: 'x', ...task },
    plugin: { containerd_runtime: 'io.containerd.runc.v2', ...plugin },
    allocation: { id: 'a/web/1', name: 'web', allocDir: `${ALL}/${OWN}` }
  })
  if (E.isLeft(decoded)) return spoken(decoded.left)
  const request = decoded.right
  const paths = Object.fromEntries(Object.entries(links).map(([path, realPath]) => [path, { kind: 'directory', realPath } as const]))
  const facts: Facts = { ...none, paths }
  const outcome = translate(request, sampleFacts(questionsOf(request), facts, ImageConfig.empty))
  return E.isLeft(outcome) ? spoken(outcome.left) : []
}

const bind = (source: string): object => ({ volumes: [`${source}:/x`] })

it.each([
  [`${ALL}/${OTHER}/web`, [`task.volumes[0]: lies in ${ALL}, which belongs to the host`]],
  [`${ALL}/${OTHER}`, [`task.volumes[0]: lies in ${ALL}, which belongs to the host`]],
  [ALL, ['task.volumes[0]: belongs to the host']],
  ['/data', [`task.volumes[0]: holds ${ALL}, which belongs to the host`]],
  [`${ALL}/${OWN}/web/local`, []],
  [`${ALL}/shared`, []],
  [`${ALL}x/${OTHER}`, []],
  ['/data/other', []]
])('the allocations lie in a directory of any name: a bind of %s', (source, issues) => {
  expect(told(bind(source), {})).toEqual(issues)
})

const UNSEEN = ['task.volumes[0]: does not exist on the host, or is a link out of what the plugin option `volumes.allowed_paths` lists']

it.each<readonly [string, ReadonlyArray<string>, Links, ReadonlyArray<string>]>([
  ['it is a link itself', ['/srv'], { '/srv': '/mnt/a', '/srv/www': '/mnt/a/www' }, []],
  ['what lies in it leads out', ['/srv'], { '/srv': '/srv', '/srv/www': '/mnt/a' }, UNSEEN],
  ['another task may have made it a link, in a wider allowed path', ['/srv', '/srv/www'], { '/srv': '/srv', '/srv/www': '/mnt/a' }, UNSEEN],
  ['two stand side by side', ['/opt', '/srv/www'], { '/srv/www': '/mnt/a' }, []]
])('an allowed path: %s', (_what, allowed_paths, links, issues) => {
  expect(told(bind('/srv/www'), { volumes: { allowed_paths } }, links)).toEqual(issues)
})

it.each([['-1', true], ['512m', false], ['536870913', true], ['511m', false]])('a swap of %s under a ceiling of 512 MB is refused: %s', (memory_swap, is) => {
  const issues = told({ memory_swap, memory_hard_limit: 256 }, { memory_hard_limit: 512 })
  expect(issues).toEqual(is ? ['task.memory_swap: the plugin option `memory_hard_limit` allows at most 512 MB'] : [])
})

it.each([
  ['/var/run/own', '/run/own', true], ['/run/own', '/var/run/own', true], ['/run/own', '/run/own', true], ['/opt/own', '/run/own', false]
])('with state in %s a bind of %s is refused: %s', (state_dir, source, is) => {
  expect(told(bind(source), { state_dir }).length > 0).toBe(is)
})

it.each([
  ['net/ipv4/conf/eth0.1/forwarding', true], ['net.ipv4.conf/all/forwarding', true], ['net/ipv4/conf/all/forwarding', false], ['net.ipv4.ip_forward', false]
])('the sysctl %s has a dot that the runtime takes for a slash: %s', (name, is) => {
  expect(told({ sysctl: { [name]: '1' } }, {}).some((issue) => issue.includes('takes for a slash'))).toBe(is)
})
