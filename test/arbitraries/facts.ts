import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { Compiled } from '../../src/core/compile/Compiled'
import { ImageConfig } from '../../src/core/decode/ImageConfig'
import { ALL_CAPABILITIES } from '../../src/core/domain/capabilities'
import { issues as spoken } from '../../src/core/report/explain'
import { Facts, HostFacts } from '../../src/core/resolve/Facts'
import { imageName, questionsOf } from '../../src/core/resolve/questionsOf'
import { decode, Documents, Request } from '../../src/core/resolve/Request'
import { sampleFacts } from '../../src/core/resolve/sampleFacts'
import { translate } from '../../src/core/translate'
import { GROUP, imageConfig, PASSWD } from './imageConfig'
import { documents } from './request'

export const host: fc.Arbitrary<HostFacts> = fc.record({
  architecture: fc.constantFrom('amd64', 'arm64'),
  kernel: fc.constantFrom('6.1.0', '4.19.0'),
  cgroups: fc.constantFrom('v1', 'v2'),
  swapAccounting: fc.boolean(),
  cpuMhz: fc.integer({ min: 1, max: 1_000_000 }),
  cpuCores: fc.integer({ min: 1, max: 256 }),
  resolvConf: fc.constantFrom('/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'),
  capabilities: fc.subarray(ALL_CAPABILITIES),
  openFilesLimit: fc.integer({ min: 1, max: 2 ** 20 })
})

const FUSE = { type: 'c', major: 10, minor: 229, fileMode: 0o666, uid: 0, gid: 0 } as const

const digest = fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 64, maxLength: 64 })
  .map((digits) => `sha256:${digits.map((digit) => digit.toString(16)).join('')}`)

/** What a host and an image may be, without the paths that a request names. */
interface Answers {
  readonly host: HostFacts
  readonly config: ImageConfig
  readonly digest: string
  readonly chainId: string
}

const answers: fc.Arbitrary<Answers> = fc.record({ host, config: imageConfig, digest, chainId: digest })

/** Answers to everything that a request asks: every path is there and leads to itself. */
const factsFor = (request: Request, { host: machine, config, ...ids }: Answers): Facts => ({
  ...sampleFacts(questionsOf(request), { host: machine, images: {}, paths: {}, devices: {} }, config),
  images: { [imageName(request)]: { ...ids, config, passwd: PASSWD, group: GROUP } },
  devices: { '/dev/fuse': FUSE }
})

/** A request with all it needs to compile. */
export interface Case {
  readonly documents: Documents
  readonly request: Request
  readonly facts: Facts
}

/** Cases that compile. */
export const cases: fc.Arbitrary<Case> = fc.tuple(documents, answers).map(([given, said]) => {
  const request = requestOf(given)
  return { documents: given, request, facts: factsFor(request, said) }
})

/** The request of documents that must decode. */
export const requestOf = (given: Documents): Request => rightOf(decode(given), spoken)

/** What a case compiles to; a case that does not is a mistake of the test and says why. */
export const compiledOf = ({ request, facts }: Pick<Case, 'request' | 'facts'>): Compiled => rightOf(translate(request, facts), spoken)

/** The right side of what must have one. */
export const rightOf = <E, A>(outcome: E.Either<E, A>, show: (error: E) => string = (error) => JSON.stringify(error)): A => {
  if (E.isLeft(outcome)) throw new Error(show(outcome.left))
  return outcome.right
}

/** What compiles, through `compile` itself. */
export const compiled: fc.Arbitrary<Compiled> = cases.map(compiledOf)
