import { Secret } from '../domain/Secret'
import { Request } from './Request'

/** The login for the task's image: the task's own, else the operator's. */
export const loginOf = ({ task, plugin }: Request): { readonly username: string; readonly password: Secret } | undefined =>
  task.auth ?? plugin.auth
