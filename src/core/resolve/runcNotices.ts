import { inTask, placeIn } from '../domain/DocumentPath'
import { Notice } from '../domain/Notice'
import { clean } from '../domain/path'
import { isBefore, missingFixes } from '../domain/runc'
import { about, HostFacts, ImageFacts } from '../facts/Facts'
import { wantedMounts } from '../wanted/wantedMounts'
import { Request } from './Request'

type Host = Pick<HostFacts, 'runc'> | undefined
type Image = Pick<ImageFacts, 'places'> | undefined

/**
 * What the host's runc cannot do of a request, and the vulnerabilities that its version has. Nothing where its version
 * is not known.
 */
export const runcNotices = (request: Request, host: Host, image?: Image): ReadonlyArray<Notice> => {
  const version = runcOf(request, host)
  return version === undefined ? [] : [
    ...runcCannot(request, host, image),
    ...missingFixes(version).map(({ cve, fixedIn }) =>
      Notice(
        placeIn('facts', 'host', 'runc'),
        `the host's runc is ${version}; ${cve} is fixed in ${fixedIn.join(', ')}, unless its distribution did so before`
      )
    )
  ]
}

/** What a request asks for and the host's runc does not do. */
export const runcCannot = (request: Request, host: Host, image: Image): ReadonlyArray<Notice> => {
  const version = runcOf(request, host)
  return version === undefined ? [] : [
    ...noDomainName(request, version),
    ...noIdMaps(request, version),
    ...keptModes(request, version, image)
  ]
}

const runcOf = ({ task, plugin }: Request, host: Host): string | undefined =>
  (task.runtime ?? plugin.containerd_runtime).startsWith('io.containerd.runc.') ? host?.runc : undefined

// runc 1.1 reads the field of the spec and does nothing with it; the sysctl that stands in for it is not allowed in a
// namespace of users.
const DOMAINNAME = '1.2.0'

const noDomainName = ({ task }: Request, version: string): ReadonlyArray<Notice> =>
  task.domainname !== undefined && task.userns.value._tag === 'Mapped' && isBefore(version, DOMAINNAME)
    ? [
        Notice(
          inTask('domainname'),
          `the host's runc is ${version} and sets no domain name in a namespace of users; ${DOMAINNAME} is the first that does`
        )
      ]
    : []

const noIdMaps = ({ task }: Request, version: string): ReadonlyArray<Notice> =>
  isBefore(version, ID_MAPS)
    ? wantedMounts(task).flatMap(({ options, at }) =>
        options.includes('idmap') || options.includes('ridmap') ? [Notice(at.whole, idMapText(version))] : []
      )
    : []

const ID_MAPS = '1.2.0'

const idMapText = (version: string): string =>
  `the host's runc is ${version} and maps no ids of mounts: the files belong to whom they belong on the host; ${ID_MAPS} is the first that does`

// Before 1.1.8 a tmpfs had the mode of the directory below it, whatever was asked for; 1.1.8 dropped the sticky bit.
const TMPFS_MODE = '1.1.9'

const keptModes = ({ task }: Request, version: string, image: Image): ReadonlyArray<Notice> =>
  isBefore(version, TMPFS_MODE)
    ? wantedMounts(task).flatMap(({ type, target, options, at }) => {
        const mode = options.find((option) => option.startsWith('mode='))
        const place = about(image?.places ?? {}, clean(target))
        return type !== 'tmpfs' || mode === undefined || place?.kind === 'absent'
          ? []
          : [Notice(at.whole, keptText(version, mode, target, place?.kind === 'directory'))]
      })
    : []

const keptText = (version: string, mode: string, target: string, isThere: boolean): string =>
  `the host's runc is ${version} and gives a tmpfs the mode of the image's own ${target}${isThere ? '' : ', if there is one'}, not \`${mode}\`; ${TMPFS_MODE} is the first that obeys`
