import * as os from 'node:os'

import { DeviceFacts, Facts } from '../../src/core/facts/Facts'
import { SAMPLE_HOST } from '../../src/core/facts/sampleFacts'
import * as ImageConfig from '../../src/core/image/ImageConfig'
import { imageName } from '../../src/core/resolve/questionsOf'
import { Documents } from '../../src/core/resolve/Request'
import { Case, requestOf } from '../../src/testing/facts'
import { Patch } from './Difference'

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64' }

/** What containerd's options read from the machine that they run on, instead of being told it. */
export const MACHINE = { architecture: ARCHITECTURES[process.arch] ?? process.arch, kernel: os.release() }

const ENV = { NOMAD_ALLOC_DIR: '/alloc', NOMAD_TASK_DIR: '/local', NOMAD_SECRETS_DIR: '/secrets' }

const node = (major: number, minor: number): DeviceFacts => ({ type: 'c', major, minor, fileMode: 0o666, uid: 0, gid: 0 })

const CDI = {
  cdiVersion: '0.7.0', kind: 'vendor.com/net',
  devices: [{ name: 'b', containerEdits: { mounts: [{ hostPath: '/opt/cdi', containerPath: '/cdi', options: ['ro', 'rbind'] }] } }]
}

/** The smallest task that runs, with what a patch adds. */
export const smallest = ({ task, plugin, allocation, host, image }: Patch): Case => {
  const documents: Documents = {
    task: { image: 'redis:7', command: '/bin/true', ...task },
    plugin: { containerd_runtime: 'io.containerd.runc.v2', ...plugin },
    allocation: { id: 'a/web/1', name: 'web', allocId: 'a', allocDir: '/var/lib/nomad/alloc/a', env: ENV, ...allocation }
  }
  const request = requestOf(documents)
  const config = { ...ImageConfig.empty, ...image?.config }
  const facts: Facts = {
    host: { ...SAMPLE_HOST, ...MACHINE, ...host },
    images: { [imageName(request)]: { digest: 'sha256:0', chainId: 'sha256:0', passwd: image?.passwd ?? '', group: image?.group ?? '', config } },
    paths: {}, files: {}, devices: { '/dev/fuse': node(10, 229) },
    cdi: [{ path: '/etc/cdi/vendor.json', document: CDI }]
  }
  return { documents, request, facts }
}
