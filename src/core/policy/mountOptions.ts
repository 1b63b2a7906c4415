import { MOUNT_OPTIONS } from '../domain/ceilings'
import { Issue } from '../domain/Issue'
import { nearest } from '../field/nearest'
import { WantedMount } from '../wanted/wantedMounts'
import { Refusals } from './Decoded'

const words = (text: string): ReadonlyArray<string> => text.split(/\s+/)

const PROPAGATIONS = words('private rprivate shared rshared slave rslave unbindable runbindable')

/** Flags that runc knows; it hands every other word to the file system, which a bind has none of. */
const FLAGS: ReadonlySet<string> = new Set([
  ...words(
    'ro rw suid nosuid dev nodev exec noexec sync async mand nomand dirsync atime noatime diratime nodiratime relatime norelatime'
  ),
  ...words('strictatime nostrictatime lazytime nolazytime symfollow nosymfollow bind rbind'),
  ...words(
    'rro rrw rsuid rnosuid rdev rnodev rexec rnoexec ratime rnoatime rdiratime rnodiratime rrelatime rnorelatime rstrictatime'
  ),
  ...words('rnostrictatime rsymfollow rnosymfollow idmap ridmap'),
  ...PROPAGATIONS
])

/** What a tmpfs can be told beside flags (tmpfs(5)). */
const TMPFS =
  /^(?:(?:size|nr_blocks|nr_inodes)=\d+[kmgKMG%]?|mode=0?[0-7]{1,4}|(?:uid|gid)=\d{1,10}|huge=(?:never|always|within_size|advise)|mpol=[a-z0-9:,=-]+|noswap|inode(?:32|64)|tmpcopyup)$/

const OPPOSITES: ReadonlyArray<readonly [string, string]> = [
  ['ro', 'rw'], ['suid', 'nosuid'], ['dev', 'nodev'], ['sync', 'async']
]

/** How many mounts of a task are told what their mistyped options mean: looking for it is slow. */
export const MOST_HINTED = 20

/**
 * Options of a mount: not too many, known, not against each other, and none that needs a user namespace that the task
 * has not.
 */
export const mountOptions = (mount: WantedMount, hasUserNamespace: boolean, hinted: boolean): Refusals => {
  const { options, type, at } = mount
  const refuse = (value: unknown, reason: string, hint?: string): Refusals => [
    Issue('BadValue', at.options, value, reason, hint)
  ]
  if (options.length > MOUNT_OPTIONS)
    return refuse(undefined, `must be at most ${String(MOUNT_OPTIONS)} options, and are ${String(options.length)}`)
  return [
    ...options.flatMap((option) =>
      isKnown(option, type)
        ? []
        : refuse(option, `is no mount option of a ${type}`, hinted ? hintFor(option) : undefined)
    ),
    ...OPPOSITES.flatMap(([one, other]) =>
      options.includes(one) && options.includes(other)
        ? [Issue('Conflict', at.options, options, `has both \`${one}\` and \`${other}\``, 'keep one of them')]
        : []
    ),
    ...(options.filter((option) => PROPAGATIONS.includes(option)).length > 1
      ? [Issue('Conflict', at.options, options, 'has more than one propagation', 'keep one of them')]
      : []),
    ...(hasUserNamespace
      ? []
      : options
          .filter((option) => option === 'idmap' || option === 'ridmap')
          .flatMap((option) => refuse(option, 'maps ids, and the task has no `userns`')))
  ]
}

const isKnown = (option: string, type: WantedMount['type']): boolean =>
  FLAGS.has(option) || (type === 'tmpfs' && TMPFS.test(option))

const hintFor = (option: string): string | undefined => {
  const meant = nearest(option, [...FLAGS])
  return meant === undefined ? undefined : `did you mean "${meant}"?`
}
