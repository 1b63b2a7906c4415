import * as E from 'fp-ts/Either'

import { capability } from '../domain/capabilities'
import { ITEMS, RANGES, TEXT_BYTES } from '../domain/ceilings'
import { rlimit } from '../domain/rlimits'
import { Subnet, subnetOf } from '../domain/Subnet'
import { Kind } from '../field/Field'
import * as K from '../field/Kind'
import { Wrong } from '../field/mistake'
import { Entries, Parse, Parsed, parsed, parsedList, parsedMap } from '../field/Parsed'
import { pathAndAmount, twoPaths } from '../field/pathKind'
import * as ImageReference from '../image/ImageReference'
import * as DeviceRate from './DeviceRate'
import { extraHost, HostLine } from './HostLine'
import * as SelinuxOption from './SelinuxOption'
import * as Ulimit from './Ulimit'
import { UserNamespace, userNamespace } from './UserNamespace'
import * as Volume from './Volume'

const bad = (reason: string, hint?: string): E.Either<Wrong, never> => E.left(Wrong('BadValue', reason, hint))

const orBad = <A>(value: A | undefined, reason: string): E.Either<Wrong, A> =>
  value === undefined ? bad(reason) : E.right(value)

/** A name of an image. Who writes a login into it is not told of it again. */
export const imageReference: Kind<Parsed<ImageReference.ImageReference>> = parsed(
  K.text,
  { samples: ['redis', 'docker.io/library/redis:7', 'registry:5000/team/app'] },
  (text) => {
    const shown = text.replace(/:[^:@]*@(?!sha)/, ':(redacted)@')
    return E.mapLeft((reason: string): Wrong => ({ ...Wrong('BadValue', reason), shown }))(ImageReference.parse(text))
  }
)

const ULIMIT = 'must be `soft:hard` or one number, soft not above hard; `-1` is no limit'
const KNOWN = 'known are nofile, nproc, memlock, core, stack and the others of getrlimit(2)'

/** At most so many limits of a process, by their names. */
export const ulimits = (most: number): Kind<Entries<Ulimit.NamedUlimit>> => parsedMap(
  K.textMapOf(TEXT_BYTES, most),
  { samples: ['1024', '10:20', '-1', '5:unlimited'], names: ['nofile', 'NPROC', 'RLIMIT_CORE'] },
  (text, name) => {
    const type = rlimit(name)
    if (type === undefined) return E.left(Wrong('UnknownOption', 'is no limit of a process', KNOWN))
    return E.map((limit: Ulimit.Ulimit) => ({ type, ...limit }))(orBad(Ulimit.parse(text), ULIMIT))
  }
)

/** At most so many capabilities, by any of their names. The values are their full names, and `ALL`. */
export const capabilities = (most: number): Kind<Entries<string>> => parsedList(
  K.textsOf(K.text, most),
  { samples: ['NET_ADMIN', 'cap_chown', 'all'] },
  (text) => {
    const name = capability(text)
    return name === undefined ? bad('is no capability', 'see capabilities(7) for their names') : E.right(name)
  }
)

/** Binds as docker's `--volume` writes them. */
export const volumes: Kind<Entries<Volume.Volume>> = parsedList(
  K.textsOf(twoPaths, ITEMS),
  { samples: ['local/www:/www:ro', '/srv:/srv'] },
  (text) => orBad(Volume.parse(text), 'must be `source:target` or `source:target:options`')
)

/** Lines of /etc/hosts. */
export const hostLines: Kind<Entries<HostLine>> = parsedList(
  K.texts,
  { samples: ['db:10.0.0.7', 'six:[::1]'] },
  (text) => orBad(extraHost(text), 'must be `host:IP`, or `host:host-gateway` for the address of the host')
)

const SELINUX = 'must be `disable`, or one of `user:`, `role:`, `type:`, `level:`, `filetype:` with a value'

/** Parts of an SELinux label. */
export const selinuxOptions: Kind<Entries<SelinuxOption.Chosen>> = parsedList(
  K.texts,
  { samples: ['type:web_t', 'level:s0:c1,c2', 'disable'] },
  (text) => orBad(SelinuxOption.parse(text), SELINUX)
)

const RATES = {
  weight: { samples: ['/dev/sda:200'], form: 'must be `path:weight`, the weight 10 to 1000' },
  bytes: { samples: ['/dev/sda:1m', '/dev/sda:512'], form: 'must be `path:rate`, such as "/dev/sda:1m"' },
  times: { samples: ['/dev/sda:1000'], form: 'must be `path:rate`, such as "/dev/sda:1000"' }
} as const

/** Numbers of block devices. */
export const deviceRates = (unit: DeviceRate.Unit): Kind<Entries<DeviceRate.DeviceRate>> => {
  const { samples, form } = RATES[unit]
  const parse: Parse<DeviceRate.DeviceRate> = (text) => orBad(DeviceRate.parse(text, unit), form)
  return parsedList(K.textsOf(pathAndAmount, ITEMS), { samples }, parse)
}

const USERNS =
  'must be `host`, or `container:host:size` with commas between several, such as "0:100000:65536"; sizes above zero, ids below 2^32-1, and no id twice'

/** The namespace of users. */
export const userNamespaces: Kind<Parsed<UserNamespace>> = parsed(
  K.argument,
  { samples: ['', 'host', '0:100000:65536', '0:10:5,5:20:5'] },
  (text) =>
    text.split(',', RANGES + 1).length > RANGES
      ? bad(`must have at most ${String(RANGES)} ranges, the most that Linux takes`)
      : orBad(userNamespace(text), USERNS)
)

/** Ranges of which a gateway, a first task and a broadcast address still leave room for others. */
const ROOM = { v4: 28, v6: 120 } as const

/** A range of addresses for a network of the driver's, of this family. */
export const subnets = (family: Subnet['family'], sample: string): Kind<Parsed<Subnet>> =>
  parsed(K.text, { samples: [sample] }, (text) => {
    const subnet = subnetOf(text)
    return subnet?.family !== family || subnet.bits.length > ROOM[family] || subnet.bits === ''
      ? bad(`must be a range of IP${family} addresses, at most /${String(ROOM[family])}, such as "${sample}"`)
      : E.right(subnet)
  })
