import * as t from 'io-ts'

import * as Unread from '../domain/Unread'
import { DeviceFacts, NetworkFacts, PathFacts, PlaceFacts } from './Facts'

const host = t.exact(
  t.partial({
    architecture: t.string,
    kernel: t.string,
    cgroups: t.union([t.literal('v1'), t.literal('v2')]),
    swapAccounting: t.boolean,
    cpuMhz: t.number,
    cpuCores: t.number,
    resolvConf: t.string,
    resolvConfText: t.string,
    hostname: t.string,
    hostsText: t.string,
    addresses: t.readonlyArray(t.string),
    capabilities: t.readonlyArray(t.string),
    openFilesLimit: t.number,
    hardLimits: t.record(t.string, t.number),
    apparmor: t.boolean,
    selinux: t.boolean,
    runc: t.string
  })
)

const place: t.Type<PlaceFacts, unknown> = t.intersection([
  t.type({
    kind: t.union([
      t.literal('directory'),
      t.literal('file'),
      t.literal('other'),
      t.literal('absent'),
      t.literal('above'),
      t.literal('loop')
    ]),
    realPath: t.string
  }),
  t.partial({ links: t.readonlyArray(t.string) })
])

export const image = t.intersection([
  t.type({ digest: t.string, chainId: t.string }),
  t.partial({
    config: t.unknown,
    passwd: t.string,
    group: t.string,
    unread: Unread.codec,
    places: t.record(t.string, place)
  })
])

const path: t.Type<PathFacts, unknown> = t.union([
  t.type({ kind: t.union([t.literal('directory'), t.literal('file')]), realPath: t.string }),
  t.type({ kind: t.literal('link'), at: t.string }),
  t.type({ kind: t.literal('absent') })
])

const device: t.Type<DeviceFacts, unknown> = t.type({
  type: t.union([t.literal('c'), t.literal('b')]),
  major: t.number,
  minor: t.number,
  fileMode: t.number,
  uid: t.number,
  gid: t.number
})

export const hostFile = t.union([
  t.intersection([t.type({ kind: t.literal('file'), text: t.string }), t.partial({ realPath: t.string })]),
  t.intersection([t.type({ kind: t.literal('absent') }), t.partial({ reason: t.string })])
])

const network: t.Type<NetworkFacts, unknown> = t.type({
  plugins: t.readonlyArray(t.string),
  routes: t.readonlyArray(t.type({ destination: t.string, device: t.string }))
})

const sections = {
  host, images: t.record(t.string, image), paths: t.record(t.string, path), devices: t.record(t.string, device),
  files: t.record(t.string, hostFile), cdi: t.record(t.string, t.unknown), network,
  conflists: t.record(t.string, t.unknown)
}

/** A facts file. */
export const file = t.partial(sections)

export const SECTIONS = Object.keys(sections)
