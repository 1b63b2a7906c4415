import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { compact } from '../../../src/core/domain/canonical'
import { digestOf } from '../../../src/core/domain/digest'
import { OWNER } from '../../../src/core/domain/labels'
import { Spec } from '../../../src/core/domain/Oci'
import { connect, Containerd } from '../../../src/effects/containerd/Containerd'
import * as containers from '../../../src/effects/containerd/containers'
import * as snapshots from '../../../src/effects/containerd/snapshots'
import * as tasks from '../../../src/effects/containerd/tasks'
import { systemClock } from '../../../src/effects/ports/systemClock'
import { Outside, Report } from '../../laws/kernel/Report'
import { Adapted, Where } from './adapt'
import { PrivateContainerd, startContainerd } from './containerd'
import { Host } from './host'
import { hooksIn, lookFromOutside, removeCgroups } from './outside'
import { IMAGE, importProbe, LEASE, SNAPSHOTTER } from './probeImage'
import { right } from './right'
import { giveToRoot, listenAt, makeNamespaces, makeStandIns } from './standIns'

/** What came of one spec: what the probe saw, or why the spec did not even run. */
export type Ran =
  | { readonly _tag: 'Ran'; readonly report: Report; readonly outside: Outside }
  | { readonly _tag: 'Failed'; readonly why: string }

/** A private containerd with the probe's image, in which specs are run; several at once when wanted. */
export interface Laboratory {
  readonly where: (name: string) => Where
  readonly run: (name: string, adapted: Adapted) => Promise<Ran>
  readonly stop: () => Promise<void>
}

const SCRIPT = path.join(__dirname, '../../../scripts/build-probe.sh')

/** Builds the probe and starts a containerd that has it as an image. */
export const openLaboratory = async (host: Host): Promise<Laboratory> => {
  const built = execFileSync('bash', [SCRIPT], { encoding: 'utf8' }).trim()
  const daemon = await startContainerd()
  try {
    return await equipped(host, daemon, built)
  } catch (thrown) {
    await daemon.stop()
    throw thrown
  }
}

const equipped = async (host: Host, daemon: PrivateContainerd, built: string): Promise<Laboratory> => {
  const containerd = connect(daemon.address, daemon.namespace)
  const parent = await importProbe(containerd, built)
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kernel-agrees-'))
  // The root of a user namespace is nobody outside: it has to pass through, and to reach the probe when that is a hook.
  for (const one of [directory, daemon.directory]) fs.chmodSync(one, 0o711)
  const probe = path.join(directory, 'probe')
  fs.copyFileSync(built, probe)
  const cgroup = path.basename(directory)
  const namespaces = makeNamespaces(directory)
  const agent = await listenAt(path.join(directory, 'agent.sock'))
  return {
    where: (name) => ({ directory: path.join(directory, name), cgroup: `/${cgroup}/${name}`, namespaces, probe, agent: agent.path }),
    run: (name, adapted) => run({ containerd, host, parent }, path.join(directory, name), name, adapted),
    stop: async () => {
      agent.close()
      containerd.close()
      await daemon.stop()
      for (const file of Object.values(namespaces)) execFileSync('umount', [file])
      removeCgroups(cgroup, host)
      fs.rmSync(directory, { recursive: true, force: true })
    }
  }
}

interface Bench {
  readonly containerd: Containerd
  readonly host: Host
  /** The image's top snapshot. */
  readonly parent: string
}

const OWN = 'kernel-agrees'

/** Runs one spec to its end. Whatever was made for it is gone afterwards. */
const run = async (bench: Bench, directory: string, id: string, adapted: Adapted): Promise<Ran> => {
  const { containerd } = bench
  fs.mkdirSync(directory, { recursive: true })
  // For the hooks, which may be another user's.
  fs.writeFileSync(path.join(directory, 'hooks'), '')
  fs.chmodSync(path.join(directory, 'hooks'), 0o666)
  let removeStandIns = (): void => undefined
  try {
    removeStandIns = makeStandIns(adapted.standIns)
    return await observed(bench, directory, id, adapted)
  } catch (thrown) {
    return { _tag: 'Failed', why: thrown instanceof Error ? thrown.message : String(thrown) }
  } finally {
    await tasks.remove(containerd, id)()
    await containers.removeOwn(containerd, id, { owner: OWN, clock: systemClock })()
    await snapshots.removeOwn(containerd, { snapshotter: SNAPSHOTTER, key: id }, OWN)()
    removeStandIns()
  }
}

const RUN_MS = 120_000

const observed = async (bench: Bench, directory: string, id: string, { promised, run: spec }: Adapted): Promise<Ran> => {
  const { containerd, host } = bench
  // Files and not FIFOs: the shim appends to them, and nobody has to read meanwhile.
  const [stdout, stderr] = ['stdout', 'stderr'].map((name) => path.join(directory, name)) as [string, string]
  for (const file of [stdout, stderr]) fs.writeFileSync(file, '')
  await create(bench, id, spec, stdout, stderr)
  // Everything is in place now, and the process waits for its start: the moment to look from outside.
  const outside = lookFromOutside(host, promised)
  right(await tasks.start(containerd, id)())
  if (!right(await tasks.endsWithin(containerd, id, RUN_MS)())) return { _tag: 'Failed', why: 'the probe does not end' }
  right(await tasks.remove(containerd, id)())
  const text = fs.readFileSync(stdout, 'utf8')
  if (!text.startsWith('{')) return { _tag: 'Failed', why: `the probe said: ${text}${fs.readFileSync(stderr, 'utf8')}` }
  return { _tag: 'Ran', report: JSON.parse(text) as Report, outside: { ...outside, hooks: hooksIn(path.join(directory, 'hooks')) } }
}

const create = async ({ containerd, parent }: Bench, id: string, spec: Spec, stdout: string, stderr: string): Promise<void> => {
  const snapshot = { snapshotter: SNAPSHOTTER, key: id }
  right(await snapshots.prepare(containerd, { ...snapshot, parent }, OWN, { lease: LEASE })())
  const rootfs = right(await snapshots.mounts(containerd, snapshot)())
  if (spec.linux.uidMappings !== undefined) giveToRoot(rootfs, spec.linux, `${stdout}-root`)
  right(await containers.create(containerd, {
    _tag: 'CreateContainer', container: id, labels: { [OWNER]: OWN }, image: IMAGE, ...snapshot,
    runtime: 'io.containerd.runc.v2', options: { _tag: 'None' }, spec: digestOf(compact(spec))
  }, OWN, { compiled: { spec, mounts: [] } })())
  right(await tasks.create(containerd, id, rootfs, stdout, stderr, spec.process.terminal)())
}
