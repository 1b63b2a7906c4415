import { Place } from '../job/Job'
import { nomadEnv, resourcesOf } from '../job/sample'
import { Live } from './Live'

type Texts = Readonly<Record<string, string>>

/** The environment of a container by name. */
export const envOf = ({ spec }: Pick<Live, 'spec'>): Texts =>
  Object.fromEntries(spec.process.env.map((line) => {
    const at = line.indexOf('=')
    return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
  }))

/** What Nomad's client adds on account of the cluster, beside its NOMAD_ names. */
const OF_THE_CLIENT = ['CONSUL_HTTP_TOKEN', 'CONSUL_TOKEN', 'VAULT_NAMESPACE', 'VAULT_TOKEN']

/** Names whose value the job itself decides: a live one that differs is drift. */
const OF_THE_JOB = /^NOMAD_(?:META_.*|CPU_LIMIT|MEMORY_LIMIT|MEMORY_MAX_LIMIT|GROUP_NAME|TASK_NAME|JOB_ID|JOB_NAME)$/

/** Names that the job decides where it says so, and the agent that runs it elsewhere. */
const SAID: Readonly<Record<string, (place: Place) => unknown>> = {
  NOMAD_NAMESPACE: ({ job }) => job.Namespace,
  NOMAD_REGION: ({ job }) => job.Region
}

/**
 * The environment that Nomad made for the allocation of this container, so far as the job does not decide it: ids,
 * addresses, ports and places are the container's, limits, names and meta are the job's.
 */
export const knownOf = (place: Place, live: Pick<Live, 'spec'>): Texts => {
  const sample = nomadEnv(place)
  const own = place.task.Env ?? {}
  const decides = (name: string): boolean => {
    if (resourcesOf(place).cores > 0 && name === 'NOMAD_CPU_LIMIT') return false
    return OF_THE_JOB.test(name) || (SAID[name]?.(place) ?? undefined) !== undefined
  }
  const given = Object.entries(envOf(live)).filter(
    ([name]) => isOfNomad(name) && !decides(name) && !Object.hasOwn(own, name)
  )
  return {
    ...Object.fromEntries(Object.entries(sample).filter(([name]) => decides(name))),
    ...Object.fromEntries(given)
  }
}

const isOfNomad = (name: string): boolean => name.startsWith('NOMAD_') || OF_THE_CLIENT.includes(name)
