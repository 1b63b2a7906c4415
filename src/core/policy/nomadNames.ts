import { Allocation } from '../decode/Allocation'
import { inAllocation, under } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { clean, isAbsolute } from '../domain/path'
import { isAddress } from '../value/isAddress'
import { Decoded, Refusals } from './Decoded'

/** What Nomad and its plugins say is checked like what a job says: names and paths of theirs come from people too. */
export const nomadNames = ({ allocation }: Decoded): Refusals =>
  allocation === undefined ? [] : [...directories(allocation), ...network(allocation), ...devices(allocation)]

/** The allocation directory and the task's name make host paths: neither may lead elsewhere. */
const directories = ({ allocDir, name }: Allocation): Refusals => [
  ...(isAbsolute(allocDir) && clean(allocDir) !== '/'
    ? []
    : [Issue('BadValue', inAllocation('allocDir'), allocDir, 'must be an absolute path, and not the root')]),
  ...(name.includes('/') || ['', '.', '..'].includes(name)
    ? [Issue('BadValue', inAllocation('name'), name, 'must be a name without a slash, and not empty, `.` or `..`')]
    : [])
]

const HOSTS = inAllocation('networkIsolationSpec', 'hostsConfig')

const network = ({ networkIsolationSpec: isolation, dns }: Allocation): Refusals => {
  const { hostname = '', address = '' } = isolation?.hostsConfig ?? {}
  const path = isolation?.path ?? ''
  return [
    ...(path === '' || isAbsolute(path)
      ? []
      : [Issue('BadValue', inAllocation('networkIsolationSpec', 'path'), path, 'must be an absolute path')]),
    ...(address === '' || isAddress(address)
      ? []
      : [Issue('BadValue', under(HOSTS, 'address'), address, 'must be an IP address')]),
    ...(/[\s#]/.test(hostname)
      ? [Issue('BadValue', under(HOSTS, 'hostname'), hostname, 'must be one word')]
      : []),
    ...(dns?.servers ?? []).flatMap((server, index) =>
      isAddress(server)
        ? []
        : [Issue('BadValue', inAllocation('dns', 'servers', index), server, 'must be an IP address')]
    ),
    ...[...(dns?.searches ?? []), ...(dns?.options ?? [])].flatMap((text) =>
      text !== '' && !/\s/.test(text) ? [] : [Issue('BadValue', inAllocation('dns'), text, 'must be one word')]
    )
  ]
}

const devices = ({ devices: given }: Allocation): Refusals =>
  given.flatMap(({ cgroupPermissions: permissions }, index) =>
    permissions === '' || (/^[rwm]{1,3}$/.test(permissions) && new Set(permissions).size === permissions.length)
      ? []
      : [
          Issue(
            'BadValue',
            inAllocation('devices', index, 'cgroupPermissions'),
            permissions,
            'must be made of `r`, `w` and `m`, each once'
          )
        ]
  )
