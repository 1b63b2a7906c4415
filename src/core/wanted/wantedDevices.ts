import { isQualified } from '../cdi/QualifiedName'
import { TaskConfig } from '../decode/TaskConfig'
import { DocumentPath, inTask } from '../domain/DocumentPath'
import { clean } from '../domain/path'

/** A device of the host that the job asks for. `containerPath` and `permissions` have their defaults. */
export interface WantedDevice {
  readonly at: DocumentPath
  readonly hostPath: string
  readonly containerPath: string
  readonly permissions: string
}

/** A device that the job asks for by its CDI name. */
export interface WantedCdi {
  readonly at: DocumentPath
  readonly name: string
}

type Entries = TaskConfig['devices']

/** The device nodes among `devices`: texts `host[:container[:permissions]]`, and blocks. */
export const wantedDevices = (devices: Entries): ReadonlyArray<WantedDevice> =>
  devices.flatMap((entry, index) => {
    const at = inTask('devices', index)
    if (typeof entry !== 'string') return [device(at, entry.host_path, entry.container_path, entry.cgroup_permissions)]
    return isQualified(entry) ? [] : [fromText(at, entry)]
  })

export const wantedCdi = (devices: Entries): ReadonlyArray<WantedCdi> =>
  devices.flatMap((entry, index) =>
    typeof entry === 'string' && isQualified(entry) ? [{ at: inTask('devices', index), name: entry }] : []
  )

const PERMISSIONS = /^[rwm]+$/

const fromText = (at: DocumentPath, text: string): WantedDevice => {
  const [host = '', second, third] = text.split(':')
  // `/dev/x:rw` gives permissions and no path, as in Docker.
  return second !== undefined && third === undefined && PERMISSIONS.test(second)
    ? device(at, host, undefined, second)
    : device(at, host, second, third)
}

const device = (
  at: DocumentPath,
  host: string,
  container: string | undefined,
  permissions: string | undefined
): WantedDevice => ({
  at,
  hostPath: host.startsWith('/') ? clean(host) : host,
  containerPath: container === undefined || container === '' ? host : container,
  permissions: permissions === undefined || permissions === '' ? 'rwm' : inOrder(permissions)
})

/** Permissions as runc reads them: in this order only. What is none stays as it is. */
export const inOrder = (permissions: string): string =>
  PERMISSIONS.test(permissions) && new Set(permissions).size === permissions.length
    ? ['r', 'w', 'm'].filter((letter) => permissions.includes(letter)).join('')
    : permissions
