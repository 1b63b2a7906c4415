import { Notice } from '../domain/Notice'
import { isBefore, missingFixes } from '../domain/runc'
import { HostFacts } from '../facts/Facts'
import { Request } from './Request'

/**
 * What the host's runc cannot do of a request, and the vulnerabilities that its version has. Nothing where its version
 * is not known.
 */
export const runcNotices = (
  { task, plugin }: Request,
  host: Pick<HostFacts, 'runc'> | undefined
): ReadonlyArray<Notice> => {
  const version = host?.runc
  const isRunc = (task.runtime ?? plugin.containerd_runtime).startsWith('io.containerd.runc.')
  if (version === undefined || !isRunc) return []
  return [
    ...(task.domainname !== undefined && isBefore(version, DOMAINNAME)
      ? [
          Notice(
            'task.domainname',
            `the host's runc is ${version} and sets no domain name; ${DOMAINNAME} is the first that does`
          )
        ]
      : []),
    ...missingFixes(version).map(({ cve, fixedIn }) =>
      Notice(
        'facts.host.runc',
        `the host's runc is ${version}; ${cve} is fixed in ${fixedIn.join(', ')}, unless its distribution did so before`
      )
    )
  ]
}

// runc 1.1 reads the field of the spec and does nothing with it.
const DOMAINNAME = '1.2.0'
