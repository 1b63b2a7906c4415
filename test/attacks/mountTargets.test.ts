import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

import * as E from 'fp-ts/Either'

import { pathText } from '../../src/core/domain/DocumentPath'
import * as Request from '../../src/core/resolve/Request'
import { Hardened } from './harness/Hardened'

const DIR = '/var/lib/nomad/alloc/5e3c1d2f-7a44-4b1e-9c55-0d3c8a6b7e10'

/** What is refused of a task, with nothing asked of the host. */
const refusals = (task: object, plugin: object = {}, allocation: object = {}): ReadonlyArray<string> => {
  const outcome = Request.decode({
    task: { image: 'busybox:1', command: 'true', ...task },
    plugin: { containerd_runtime: 'io.containerd.runc.v2', ...plugin },
    allocation: { id: 'a/web/1', name: 'web', allocDir: DIR, ...allocation }
  })
  return E.isLeft(outcome) ? outcome.left.map(({ at, reason }) => `${pathText(at)}: ${reason}`) : []
}

describe('what the kernel and the runtime hide stays hidden (W10)', () => {
  const places = ['/dev', '/sys', '/dev/', '/sys/.', '//dev', '/x/../sys', '/proc', '/proc/', '/proc/sys']
  const ways = (target: string): ReadonlyArray<object> => [
    { volumes: [`../alloc/data/dev2:${target}`] }, { volumes: [`local:${target}`] }, { tmpfs: [target] }, { volumes: [`data:${target}`] },
    { mounts: [{ type: 'bind', source: '/srv/x', target }] }, { mounts: [{ type: 'volume', source: 'data', target }] }, { mounts: [{ type: 'tmpfs', target }] }
  ]

  it.each(places.flatMap((target) => ways(target).map((task) => [target, task] as const)))('no mount over the whole of %s, whatever it is: %j', (_target, task) => {
    expect(refusals(task).join('\n')).toMatch(/must not (be the whole of|lie below)/)
  })

  it("the host's own at its own place is the operator's to allow", () => {
    for (const path of ['/dev', '/sys']) {
      const task = { volumes: [`${path}:${path}:ro`] }
      expect(refusals(task, { volumes: { allowed_paths: [path] } })).toEqual([])
      expect(refusals(task)).toEqual([`task.volumes[0]: belongs to the host`])
      expect(refusals(task, { hardened: true }).join()).toContain('volumes.enabled')
      expect(refusals({ volumes: [`/sys/kernel:${path}`] }, { volumes: { allowed_paths: ['/sys'] } }).join()).toContain('must not be the whole of')
    }
  })

  it('what lies in them may be mounted over', () => {
    expect(refusals({ tmpfs: ['/dev/shm', '/sys/fs/x'], volumes: ['local:/dev/mine'] })).toEqual([])
  })
})

describe("Nomad's mounts", () => {
  it('as volumes spread to the host only where the operator allows it (W13)', () => {
    const mounts = [{ taskPath: '/v', hostPath: '/host/v', propagationMode: 'bidirectional' }]
    expect(refusals({}, { hardened: true }, { mounts })).toEqual(['allocation.mounts[0].propagationMode: the plugin option `volumes.allow_shared_propagation` is false on this host'])
    expect(refusals({}, { hardened: true, volumes: { allow_shared_propagation: true } }, { mounts })).toEqual([])
    expect(refusals({}, { hardened: true }, { mounts: [{ ...mounts[0], propagationMode: 'host-to-task' }] })).toEqual([])
  })

  it('keep CSI plugins the /dev that they need', () => {
    expect(refusals({}, { hardened: true }, { mounts: [{ taskPath: '/dev', hostPath: '/dev' }] })).toEqual([])
  })
})

describe('a refusal does not tell what is on the host (W11)', () => {
  it.each(['../../../../../../etc/%s', '../../%s', 'local/../../../%s', '/etc/%s'])('of the source %j', (source) => {
    const said = (name: string): string => refusals({ volumes: [`${source.replace('%s', name)}:/x`] }, { hardened: true }).join('\n').replaceAll(name, '')
    expect(said('shadow')).not.toBe('')
    expect(said('shadow')).toBe(said('nosuch'))
  })
})

describe('on a real host', () => {
  let host: Hardened

  beforeAll(async () => { host = await Hardened({ volumes: { enabled: true, allowed_paths: ['/opt/containerd-driver-test'] } }) }, 60_000)
  afterEach(async () => { expect(await host.clear()).toEqual([]) })
  afterAll(async () => { await host.end() })

  it.each(['NOMAD_TASK_DIR', 'NOMAD_ALLOC_DIR', 'NOMAD_SECRETS_DIR'])('%s in a job\'s env moves nothing over a place of the kernel\'s', async (name) => {
    for (const place of ['/dev', '/sys', '/proc', '/', '/dev/../sys/']) {
      const one = host.task('true', {}, { env: { [name]: place } })
      expect(await host.refused(one)).toMatch(/must not/)
    }
  })

  it('a link in the allocation tells nothing of what it leads to', async () => {
    const said = await Promise.all(['secret', 'nosuch'].map(async (name) => {
      const one = host.task(`true`, { volumes: ['local/x:/x'] })
      symlinkSync(`${host.target}/${name}`, `${one.dir}/web/local/x`)
      return host.refused(one)
    }))
    expect(said[0]).toBe(said[1])
    expect(said[0]).toContain('is a link')
  })
})

describe('a mount inside of what a task can write', () => {
  let host: Hardened

  beforeAll(async () => { host = await Hardened() }, 60_000)
  afterEach(async () => { expect(await host.clear()).toEqual([]) })
  afterAll(async () => { await host.end() })

  it.each([
    ['/dev', 'web/local/x', { tmpfs: ['/local/x'] }], ['/sys', 'web/local/x', { tmpfs: ['/local/x'] }], ['/etc', 'web/secrets/x', { volumes: ['local:/secrets/x'] }],
    ['/dev', 'alloc/x', { volumes: ['local:/alloc/x'] }], ['/', 'web/local/x', { tmpfs: ['/local/x/sys'] }], ['/proc', 'web/local/x', { tmpfs: ['/local/x/sys'] }],
    ['/dev', 'alloc/data/d/x', { volumes: ['../alloc/data/d:/m'], tmpfs: ['/m/x'] }]
  ])('is not led to %s by a link at %s that an earlier run made: nothing runs', async (link, name, options) => {
    const one = host.task('echo it runs', options)
    mkdirSync(dirname(`${one.dir}/${name}`), { recursive: true })
    symlinkSync(link, `${one.dir}/${name}`)
    expect(await host.refused(one)).toMatch(/nothing is mounted at|inside \/proc|not a directory|reopening \/dev\/null/)
    expect(one.stdout()).toBe('')
  })

  it('is where the job wants it when nothing leads elsewhere', async () => {
    const one = host.task('echo yes > /local/x/file; cat /alloc/x/file; ls /local/x', { tmpfs: ['/local/x'], volumes: ['local/own:/alloc/x'] })
    mkdirSync(`${one.dir}/web/local/own`)
    writeFileSync(`${one.dir}/web/local/own/file`, 'own\n')
    expect(await host.run(one)).toEqual({ code: 0, said: 'own\nfile\n' })
  })
})
