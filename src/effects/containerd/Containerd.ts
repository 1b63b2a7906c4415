import { Channel, ChannelCredentials, ChannelOptions, ClientOptions, credentials, Metadata } from '@grpc/grpc-js'

import { ContainersClient } from '../../generated/containerd/containers'
import { ContentClient } from '../../generated/containerd/content'
import { DiffClient } from '../../generated/containerd/diff'
import { ImagesClient } from '../../generated/containerd/images'
import { IntrospectionClient } from '../../generated/containerd/introspection'
import { LeasesClient } from '../../generated/containerd/leases'
import { SnapshotsClient } from '../../generated/containerd/snapshots'
import { TasksClient } from '../../generated/containerd/tasks'
import { VersionClient } from '../../generated/containerd/version'

/** A connection to containerd in one namespace. Nothing is dialled before the first call. */
export interface Containerd {
  readonly address: string
  readonly namespace: string
  readonly containers: ContainersClient
  readonly content: ContentClient
  readonly diff: DiffClient
  readonly images: ImagesClient
  readonly introspection: IntrospectionClient
  readonly leases: LeasesClient
  readonly snapshots: SnapshotsClient
  readonly tasks: TasksClient
  readonly version: VersionClient
  /** The headers of a call; what the call makes is held by `lease` when one is named. */
  readonly headers: (lease?: string) => Metadata
  readonly close: () => void
}

const MAX_MESSAGE = 16 * 1024 * 1024

const OPTIONS: ChannelOptions = {
  'grpc.max_receive_message_length': MAX_MESSAGE,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2000,
  'grpc.enable_channelz': 0
}

type Maker<C> = new (address: string, how: ChannelCredentials, options: ClientOptions) => C

/** Connects to the socket at `address`; everything is seen and made in the containerd namespace `namespace`. */
export const connect = (address: string, namespace: string): Containerd => {
  const channel = new Channel(`unix://${address}`, credentials.createInsecure(), OPTIONS)
  const client = <C,>(make: Maker<C>): C =>
    new make(`unix://${address}`, credentials.createInsecure(), { channelOverride: channel })
  return {
    address,
    namespace,
    containers: client(ContainersClient),
    content: client(ContentClient),
    diff: client(DiffClient),
    images: client(ImagesClient),
    introspection: client(IntrospectionClient),
    leases: client(LeasesClient),
    snapshots: client(SnapshotsClient),
    tasks: client(TasksClient),
    version: client(VersionClient),
    headers: (lease) => headersOf(namespace, lease),
    close: () => {
      channel.close()
    }
  }
}

const headersOf = (namespace: string, lease: string | undefined): Metadata => {
  const metadata = new Metadata()
  metadata.set('containerd-namespace', namespace)
  if (lease !== undefined) metadata.set('containerd-lease', lease)
  return metadata
}
