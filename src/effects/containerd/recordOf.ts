import { ContainerRecord } from '../../core/plan/undosOfRecord'
import { Container } from '../../generated/containerd/containers'
import { sourcesOf } from './containers'

/** What containerd keeps of a container, as far as it has to be taken back. */
export const recordOf = (record: Container): ContainerRecord => ({
  container: record.id,
  snapshotter: record.snapshotter,
  key: record.snapshotKey,
  sources: sourcesOf(record),
  image: record.image,
  labels: record.labels
})
