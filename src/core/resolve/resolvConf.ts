import { gapEach, gapOr, literal } from '../domain/gaps'

/** What a resolver is told. */
export interface Dns {
  readonly servers: ReadonlyArray<string>
  readonly searches: ReadonlyArray<string>
  readonly options: ReadonlyArray<string>
}

export const NO_DNS: Dns = { servers: [], searches: [], options: [] }

export const isEmpty = ({ servers, searches, options }: Dns): boolean =>
  servers.length + searches.length + options.length === 0

/** Each list that is given, else the other's (resolv.conf rule of Nomad's drivers). */
export const orElse = (given: Dns, otherwise: Dns): Dns => ({
  servers: given.servers.length > 0 ? given.servers : otherwise.servers,
  searches: given.searches.length > 0 ? given.searches : otherwise.searches,
  options: given.options.length > 0 ? given.options : otherwise.options
})

/**
 * What a resolver is told in the end: each list of the first that gives it. In the order of rank: the task, the group's
 * `dns`, what CNI answered, the operator, the host.
 */
export const firstOf = (ranked: ReadonlyArray<Dns>): Dns => ranked.reduce(orElse, NO_DNS)

/** A server that only the host's own network namespace reaches, such as the stub of systemd-resolved. */
export const isLoopback = (server: string): boolean => /^127\.|^::1$/.test(server)

/** Reads a resolv.conf; the last `search` line counts, as for the resolver. */
export const parse = (text: string): Dns => {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/))
  const all = (word: string): ReadonlyArray<ReadonlyArray<string>> =>
    lines.flatMap(([first, ...rest]) => (first === word ? [rest] : []))
  return {
    servers: all('nameserver').flatMap(([server]) => server ?? []),
    searches: all('search').at(-1) ?? [],
    options: all('options').flat()
  }
}

/** Writes a resolv.conf. The search domain `.` means none. */
export const resolvConf = ({ servers, searches, options }: Dns): string => {
  const domains = domainsIn(searches)
  return [
    '# made by containerd-driver',
    ...servers.map((server) => `nameserver ${server}`),
    ...(domains.length === 0 ? [] : [`search ${domains.join(' ')}`]),
    ...(options.length === 0 ? [] : [`options ${options.join(' ')}`]),
    ''
  ].join('\n')
}

const domainsIn = (searches: ReadonlyArray<string>): ReadonlyArray<string> =>
  searches.filter((domain) => domain !== '.')

/**
 * The same as a template, of whose lists what a network answers fills those that are not asked for; `otherwise` stands
 * where it answers none.
 */
export const resolvTemplate = (asked: Dns, otherwise: Dns): string => {
  const given = (list: ReadonlyArray<string>, late: string): string =>
    list.length > 0 ? domainsIn(list).map(literal).join(' ') : late
  const servers = asked.servers.length > 0 ? asked.servers : [gapEach('nameservers', otherwise.servers)]
  const search = given(asked.searches, gapOr('search', domainsIn(otherwise.searches)))
  const options = given(asked.options, gapOr('options', otherwise.options))
  return [
    '# made by containerd-driver',
    ...servers.map((server) => `nameserver ${server}`),
    ...(search === '' ? [] : [`search ${search}`]),
    ...(options === '' ? [] : [`options ${options}`]),
    ''
  ].join('\n')
}
