import { isRecord } from '../domain/isRecord'
import { Place } from '../job/Job'
import { Live } from './Live'

/** A mount as Nomad's task message has it. */
export interface Volume {
  readonly taskPath: string
  readonly hostPath: string
  readonly readonly: boolean
  readonly propagationMode: string
}

const MODES: Readonly<Record<string, string>> = {
  rprivate: 'private',
  rslave: 'host-to-task',
  rshared: 'bidirectional'
}

/**
 * The volumes of a task's `volume_mount` blocks as this container has them: only a client knows from where. One that it
 * has not stays out.
 */
export const volumesOf = ({ task }: Place, { spec }: Pick<Live, 'spec'>): ReadonlyArray<Volume> =>
  (task.VolumeMounts ?? []).flatMap((block) => {
    const destination = isRecord(block) && typeof block['Destination'] === 'string' ? block['Destination'] : ''
    const mount = spec.mounts.find((one) => one.destination === destination)
    return mount === undefined
      ? []
      : [{
          taskPath: destination, hostPath: mount.source, readonly: mount.options.includes('ro'),
          propagationMode: mount.options.flatMap((option) => MODES[option] ?? []).at(0) ?? ''
        }]
  })
