import { Clock } from './Clock'
import { Machine } from './Machine'
import { Reads } from './Reads'
import { HoldPipes, OpenStreams } from './Streams'

/** A containerd: its socket, and the namespace in which everything is seen and made. */
export interface Place {
  readonly address: string
  readonly namespace: string
}

export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error'

export type Log = (level: Level, message: string, details?: Readonly<Record<string, string>>) => void

/** Everything that touches the world. Made once, where the program starts; whoever runs tasks is given it. */
export interface Ports {
  readonly machine: (place: Place) => Machine
  readonly reads: (place: Place) => Reads
  readonly streams: OpenStreams
  readonly hold: HoldPipes
  readonly clock: Clock
  readonly log: Log
}
