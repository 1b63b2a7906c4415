import { isSameRegistry } from '../../core/image/ImageReference'
import { Logins } from '../ports/Machine'
import { askHelper } from './askHelper'
import { Credential } from './Credential'
import { dockerConfig } from './dockerConfig'
import { Place } from './Place'

/**
 * The login for one place, if there is any: the image's own for the registry itself, else what the operator's
 * config.json or helper has for this very place. Throws `Thrown` where one of them fails.
 */
export const credentialFor = async (
  { login, config, helper }: Logins, { isRegistry, base }: Place, registry: string, signal: AbortSignal
): Promise<Credential | undefined> => {
  const asked = isRegistry ? registry : base.host
  if (login !== undefined && isRegistry && isSameRegistry(login.registry, registry))
    return { _tag: 'Password', username: login.username, password: login.password }
  const entry = config === undefined ? undefined : dockerConfig(config, asked)
  if (entry?._tag === 'Login') return entry.credential
  if (entry?._tag === 'Helper') return askHelper(entry.name, serverOf(asked), signal)
  return helper !== undefined && isSameRegistry(helper.registry, asked)
    ? askHelper(helper.name, serverOf(asked), signal)
    : undefined
}

/** Docker has always kept the login of its own registry under this address. */
const serverOf = (registry: string): string =>
  registry === 'docker.io' || registry === 'registry-1.docker.io' ? 'https://index.docker.io/v1/' : registry
