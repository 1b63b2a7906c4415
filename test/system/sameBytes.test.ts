import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { chainIds } from '../../src/core/image/chainIds'
import * as Request from '../../src/core/resolve/Request'
import { containerIdOf } from '../../src/core/wanted/identity'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as containers from '../../src/effects/containerd/containers'
import { hostFacts } from '../../src/effects/host/hostFacts'
import { seenRoot } from '../../src/effects/image/seenRoot'
import { stored } from '../../src/effects/image/StoredImage'
import { Looker } from '../../src/effects/ports/Reads'
import { StartTaskResponse } from '../../src/generated/nomad/driver'
import { makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { ask, EXECUTABLE, launch, Plugin } from './harness/plugin'
import { right } from './harness/right'

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
}, 60_000)

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

const write = (dir: string, name: string, value: unknown): void => {
  fs.writeFileSync(path.join(dir, name), JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? String(item) : item)))
}

/** The answers that this host and the image give, as a facts file. */
const factsFile = async (source: string): Promise<unknown> => {
  const image = right(await stored(containerd, IMAGE)())
  const chainId = chainIds(image.diffIds).at(-1) ?? ''
  const files = right(await seenRoot(containerd, { snapshotter: 'overlayfs', chainId }, [], new Map(), Looker('facts'))())
  return {
    host: hostFacts(),
    images: { [IMAGE]: { digest: image.digest, chainId, config: image.config, ...files } },
    paths: { [source]: { kind: 'directory', realPath: source } }
  }
}

it('containerd stores byte for byte what `compile --compact` prints', async () => {
  const config = { containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace }
  const task = {
    image: 'busybox:1.36', command: 'sleep', args: ['1000'], hostname: 'same-bytes', cwd: '/tmp/work', readonly_rootfs: true,
    mounts: [{ type: 'bind', source: 'local', target: '/data', options: ['ro'] }, { type: 'tmpfs', target: '/cache', options: ['size=1m'] }]
  }
  plugin = await launch(config)
  const allocation = makeAllocation({ config: task, user: 'nobody', env: { B: 'zwei', A: 'eins', 'ÜMLAUT': '→ "quoted" \\ \n' } })
  await ask<StartTaskResponse>((done) => plugin.driver.startTask({ task: allocation.config }, done))

  const { msgpackDriverConfig: _config, ...message } = allocation.config
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'same-bytes-'))
  write(dir, 'task.json', task)
  write(dir, 'plugin.json', config)
  write(dir, 'allocation.json', message)
  write(dir, 'facts.json', await factsFile(`${allocation.dir}/web/local`))
  const printed = execFileSync(EXECUTABLE, ['compile', '--compact', dir])

  const request = right(Request.decode({ task, plugin: config, allocation: message }))
  const record = right(await containers.get(containerd, containerIdOf(request.allocation))())
  expect(printed.length).toBeGreaterThan(1000)
  expect(Buffer.from(record?.spec?.value ?? []).equals(printed)).toBe(true)

  await ask((done) => plugin.driver.destroyTask({ taskId: allocation.config.id, force: true }, done))
  allocation.remove()
  fs.rmSync(dir, { recursive: true })
})
