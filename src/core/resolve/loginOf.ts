import { Secret } from '../domain/Secret'
import { isSameRegistry } from '../image/ImageReference'
import { Request } from './Request'

/** A login at one registry: it is shown to no other. */
export interface Login {
  readonly registry: string
  readonly username: string
  readonly password: Secret
}

/**
 * Where logins for the task's image are found: its own, and the operator's `config.json` and credential helper, which
 * have them for other places too (mirrors). A task that brings a login of its own is asked for under that.
 */
export interface Logins {
  readonly login?: Login
  readonly config?: string
  readonly helper?: { readonly name: string; readonly registry: string }
  readonly isOptional?: boolean
}

export const loginsOf = ({ task, plugin }: Pick<Request, 'task' | 'plugin'>): Logins => {
  const login = loginOf({ task, plugin })
  const { config, helper, server_address: registry } = plugin.auth ?? {}
  return {
    ...(login === undefined ? {} : { login }),
    ...(config === undefined ? {} : { config }),
    ...(helper === undefined || registry === undefined ? {} : { helper: { name: helper, registry } }),
    ...(task.auth_soft_fail ? { isOptional: true } : {})
  }
}

/**
 * The login for the task's image. A task's own is for the registry that it names, else for that of its image: both are
 * the job
 * author's words. The operator's is for the registry that it names, and for none when it names none.
 */
export const loginOf = ({ task, plugin }: Pick<Request, 'task' | 'plugin'>): Login | undefined => {
  const { registry } = task.image.value
  const { username, password } = task.auth ?? plugin.auth ?? {}
  const server = task.auth === undefined ? plugin.auth?.server_address : (task.auth.server_address ?? registry)
  const isMeant = server !== undefined && isSameRegistry(server, registry)
  return username === undefined || password === undefined || !isMeant ? undefined : { registry, username, password }
}
