import { connect, Containerd } from './containerd/Containerd'
import { Cgroups } from './host/cgroups'
import { heldPipes } from './host/heldPipes'
import { openStreams } from './host/openStreams'
import { PipeStock } from './host/PipeStock'
import { SeenRoots } from './image/seenRoot'
import { machine } from './machine'
import { Log, Place, Ports } from './ports/Ports'
import { systemClock } from './ports/systemClock'
import { reads } from './reads'

/** The world itself. One connection for each socket and namespace; nothing is dialled before the first call. */
export const livePorts = (log: Log): Ports & { readonly close: () => void } => {
  const connections = new Map<string, Containerd>()
  const seen: SeenRoots = new Map()
  const stock = PipeStock()
  const cgroups = Cgroups()
  const at = ({ address, namespace }: Place): Containerd => {
    const key = `${address} ${namespace}`
    const made = connections.get(key) ?? connect(address, namespace)
    connections.set(key, made)
    return made
  }
  return {
    machine: (place) => machine(at(place), systemClock, stock),
    reads: (place) => reads(at(place), seen, cgroups),
    streams: openStreams(systemClock),
    hold: heldPipes,
    clock: systemClock,
    log,
    close: () => {
      for (const one of connections.values()) one.close()
      connections.clear()
    }
  }
}
