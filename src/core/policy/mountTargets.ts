import { Issue } from '../domain/Issue'
import { clean, isAbsolute } from '../domain/path'
import { WantedMount } from '../wanted/wantedMounts'
import { Refusals } from './Decoded'

/** What is wrong with the place of a mount. */
export const target = (mount: WantedMount): Refusals => {
  const { target: path, at } = mount
  const wrong = wrongTarget(path)
  if (wrong !== undefined) return [Issue('BadValue', at.target, path, wrong)]
  const whole = isHostsOwn(mount) ? undefined : wholeOfKernel(path)
  return whole === undefined
    ? []
    : [
        Issue(
          'BadValue',
          at.target,
          path,
          whole,
          "mount below it; or bind the host's own there, where the operator lets it"
        )
      ]
}

/** cAdvisor and the like show the host's /sys at /sys: whoever may bind that path has it anyway. */
const isHostsOwn = ({ type, source: text, target: path }: WantedMount): boolean =>
  type !== 'tmpfs' && isAbsolute(text) && clean(text) === clean(path)

/**
 * What is wrong with a place that is all of what the kernel or the runtime puts into a container: the masks in it would
 * be gone.
 */
export const wholeOfKernel = (path: string): string | undefined => {
  const place = clean(path)
  return ['/dev', '/sys'].includes(place)
    ? `must not be the whole of ${place}: what is hidden in it would show`
    : undefined
}

/** What is wrong with a place in the container as the target of a mount. */
export const wrongTarget = (path: string): string | undefined => {
  if (!isAbsolute(path)) return 'must be an absolute path in the container'
  const place = clean(path)
  if (place === '/') return 'must not be the root of the container'
  // runc refuses mounts below /proc, whatever their source.
  return place === '/proc' || place.startsWith('/proc/') ? 'must not lie below /proc' : undefined
}
