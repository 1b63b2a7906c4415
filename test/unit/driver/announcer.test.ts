import * as E from 'fp-ts/Either'

import { inJobFile, inTask, pathText } from '../../../src/core/domain/DocumentPath'
import { Notice } from '../../../src/core/domain/Notice'
import { none } from '../../../src/core/facts/Facts'
import { ImageFacts } from '../../../src/core/facts/Facts'
import * as Request from '../../../src/core/resolve/Request'
import { unmet } from '../../../src/core/resolve/unmet'
import { announcer } from '../../../src/driver/announcer'
import { Driver } from '../../../src/driver/Driver'
import { TaskEvent } from '../../../src/driver/Events'
import { World } from '../../fakes/World'

const ALLOCATION = { id: 'a/web/1', name: 'web', allocId: 'a', allocDir: '/alloc/a' }

const requestOf = (task: object, allocation: object = {}): Request.Request => {
  const request = Request.decode({ task: { image: 'redis:7', ...task }, plugin: { containerd_runtime: 'io.containerd.runc.v2' }, allocation: { ...ALLOCATION, ...allocation } })
  if (E.isLeft(request)) throw new Error(JSON.stringify(request.left))
  return request.right
}

const factsOf = (runc: string, kind: 'directory' | 'absent'): never =>
  ({ ...none, host: { runc }, images: { 'docker.io/library/redis:7': { places: { '/home/app': { kind, realPath: '/home/app' } } } as unknown as ImageFacts } }) as never

const PORTS = { resources: { ports: [{ label: 'http', value: 20000, to: 0, hostIp: '' }] } }

describe('what a task asks for and will not have', () => {
  it.each([
    ['1.1.5', 'directory', 1], ['1.1.8', 'directory', 1], ['1.1.9', 'directory', 0], ['1.3.0', 'directory', 0], ['1.1.5', 'absent', 0]
  ] as const)('the mode of a tmpfs with runc %s over what is %s: %i', (runc, kind, count) => {
    const found = unmet(requestOf({ tmpfs: ['/home/app:mode=1777'] }), factsOf(runc, kind))
    expect(found).toHaveLength(count)
    for (const { at, text } of found) expect([pathText(at), text]).toEqual(['task.tmpfs[0]', expect.stringContaining(runc)])
  })

  it('a tmpfs without a mode has that of the directory, as ever', () => {
    expect(unmet(requestOf({ tmpfs: ['/home/app'] }), factsOf('1.1.5', 'directory'))).toEqual([])
  })

  it('a port that nobody can reach', () => {
    expect(unmet(requestOf({}, PORTS), factsOf('1.3.0', 'absent'))).toEqual([{ at: inJobFile('network'), text: expect.stringContaining('nobody reaches them') as string }])
    expect(unmet(requestOf({ host_network: true }, PORTS), factsOf('1.3.0', 'absent'))).toEqual([])
  })

  it('is one event and a line of the log each', () => {
    const logged: Array<readonly [string, string]> = []
    const ports = { ...World().incarnate().ports, log: (level: string, message: string): void => { logged.push([level, message]) } }
    const driver = Driver(ports)
    const heard: Array<TaskEvent> = []
    driver.events.listen((event) => { heard.push(event) })
    const notices = [Notice(inJobFile('network'), 'one'), Notice(inTask('tmpfs', 0), 'two'), Notice(inTask('domainname'), 'three')] as const
    announcer(driver, requestOf({}))({ _tag: 'Unmet', notices: notices })
    expect(heard.map(({ message, taskName, annotations }) => [message, taskName, annotations])).toEqual([
      ['one; two; three', 'web', { 'network': 'one', 'task.tmpfs[0]': 'two', 'task.domainname': 'three' }]
    ])
    expect(logged).toEqual([['warn', 'one'], ['warn', 'two'], ['warn', 'three']])
  })
})
