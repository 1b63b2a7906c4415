import { capabilities } from './capabilities'
import { confinement } from './confinement'
import { Decoded, Refusals } from './Decoded'
import { devices } from './devices'
import { image } from './image'
import { imageSource } from './imageSource'
import { labels } from './labels'
import { limits } from './limits'
import { localImage } from './localImage'
import { modes } from './modes'
import { mounts } from './mounts'
import { network } from './network'
import { nomadNames } from './nomadNames'
import { operator } from './operator'
import { process } from './process'
import { sysctl } from './sysctl'

/**
 * Every refusal that needs no answer from the host. Each check sees all that decoded, so every mistake is told at once.
 */
export const refusals = (decoded: Decoded): Refusals => [
  ...operator(decoded.plugin),
  ...image(decoded),
  ...imageSource(decoded),
  ...localImage(decoded),
  ...labels(decoded),
  ...process(decoded),
  ...network(decoded),
  ...confinement(decoded),
  ...capabilities(decoded),
  ...modes(decoded),
  ...sysctl(decoded),
  ...limits(decoded),
  ...devices(decoded),
  ...mounts(decoded),
  ...nomadNames(decoded)
]
