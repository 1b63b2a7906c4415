import { connect, Containerd } from '../../../src/effects/containerd/Containerd'
import { importBusybox } from '../../system/harness/busybox'
import { PrivateContainerd, startContainerd } from '../../system/harness/containerd'
import { Agent, Around, startAgent } from './agent'

/** A client of Nomad's: a private containerd that has busybox, and an agent whose tasks run there. */
export interface Client {
  readonly daemon: PrivateContainerd
  readonly containerd: Containerd
  readonly agent: Agent
  readonly stop: () => Promise<void>
}

export const startClient = async (more: Omit<Around, 'address' | 'namespace'> = {}): Promise<Client> => {
  const daemon = await startContainerd()
  const containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  const agent = await startAgent({ ...daemon, ...more })
  const stop = async (): Promise<void> => {
    await agent.stop()
    containerd.close()
    await daemon.stop()
  }
  return { daemon, containerd, agent, stop }
}
