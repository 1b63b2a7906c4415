import { Process, Spec } from '../../../src/core/domain/Oci'
import { Breaches, given, holds, same } from './Breach'
import { capabilities } from './capabilities'
import { Report } from './Report'

/** What the spec says of the process itself. */
export const process = (spec: Spec, report: Report): Breaches => {
  const { process: promised } = spec
  return [
    ...same('process.args', promised.args, report.args),
    ...same('process.cwd', promised.cwd, report.cwd),
    ...environment(promised.env, report.env),
    ...same('process.terminal', promised.terminal, report.terminal),
    ...user(promised.user, report),
    ...capabilities(promised, report),
    ...promised.rlimits.flatMap((one) => rlimit(one, report)),
    ...same('process.noNewPrivileges', promised.noNewPrivileges ? '1' : '0', report.status['NoNewPrivs']),
    ...given(promised.oomScoreAdj, (score) => same('process.oomScoreAdj', score, report.oomScoreAdj)),
    ...given(promised.apparmorProfile, (profile) => same('process.apparmorProfile', profile, report.label.replace(/ \(\w+\)$/, ''))),
    ...given(promised.selinuxLabel, (label) => same('process.selinuxLabel', label, report.label)),
    ...given(spec.hostname, (name) => same('hostname', name, report.hostname)),
    ...given(spec.domainname, (name) => same('domainname', name, report.domainname))
  ]
}

// runc adds HOME from the image's /etc/passwd where the spec has none.
const environment = (promised: ReadonlyArray<string>, seen: ReadonlyArray<string>): Breaches => {
  const wanted = new Map(promised.map((one) => [nameOf(one), one]))
  const found = new Map(seen.map((one) => [nameOf(one), one]))
  return [
    ...[...wanted].flatMap(([name, one]) => same(`process.env.${name}`, one, found.get(name))),
    ...[...found].flatMap(([name, one]) => (wanted.has(name) || name === 'HOME' ? [] : same(`process.env.${name}`, undefined, one)))
  ]
}

const nameOf = (variable: string): string => variable.slice(0, variable.indexOf('='))

const user = ({ uid, gid, umask, additionalGids }: Process['user'], { status }: Report): Breaches => [
  ...same('process.user.uid', four(uid), status['Uid']),
  ...same('process.user.gid', four(gid), status['Gid']),
  ...same('process.user.additionalGids', sorted(additionalGids), sorted((status['Groups'] ?? '').split(' ').filter((id) => id !== '').map(Number))),
  ...given(umask, (mask) => same('process.user.umask', mask.toString(8).padStart(4, '0'), status['Umask']))
]

const four = (id: number): string => [id, id, id, id].join(' ')

const sorted = (ids: ReadonlyArray<number>): ReadonlyArray<number> => [...new Set(ids)].sort((a, b) => a - b)

const rlimit = ({ type, soft, hard }: Process['rlimits'][number], { limits }: Report): Breaches => {
  const seen = limits[type]
  return holds(`process.rlimits.${type}`, `${soft}:${hard}`, isSame(soft, seen?.soft) && isSame(hard, seen?.hard), `${seen?.soft}:${seen?.hard}`)
}

const isSame = (limit: number | bigint, seen: string | undefined): boolean => seen !== undefined && BigInt(limit) === BigInt(seen)
