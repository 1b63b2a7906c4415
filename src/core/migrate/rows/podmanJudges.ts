import { mappingsOf } from '../../domain/idMappings'
import { ofAnother } from './network'
import { Judge } from './Row'
import { Converted, Differs, EQUAL, Missing, Needless } from './Verdict'

const GROUP = 'give the group `network { mode = "bridge" }`'

export const mode: Judge = (value, { around }) => {
  if (typeof value !== 'string' || value === '') return EQUAL
  if (around.network !== '') return Needless('the task is in the network of its group, as with podman')
  if (['host', 'none', 'bridge'].includes(value)) return EQUAL
  return ofAnother(value) ?? Missing(`there are no networks of podman: ${GROUP}, which its tasks share`)
}

export const ipc: Judge = (value) =>
  typeof value !== 'string' || ['', 'host', 'private', 'none'].includes(value)
    ? EQUAL
    : Missing('the task has a namespace of its own; those of other tasks are not reached')

export const userns: Judge = (value) => {
  if (typeof value !== 'string' || value === '' || value === 'host') return EQUAL
  return mappingsOf(value) === undefined ? Missing('write a mapping such as `userns = "0:100000:65536"`') : EQUAL
}

/** The three parts of a platform are one option here; the architecture stands for all. */
export const arch: Judge = (value, { config }) => {
  if (typeof value !== 'string' || value === '') return Needless('it is empty')
  const [os, variant] = [config['os'], config['variant']].map((one) => (typeof one === 'string' ? one : ''))
  const platform = [os === '' ? 'linux' : os, value, ...(variant === '' ? [] : [variant])].join('/')
  return Converted('here `platform`', [{ name: 'platform', value: platform }])
}

export const partOfPlatform: Judge = (value, { config }) =>
  value === '' || config['arch'] !== undefined || value === 'linux'
    ? Needless('it is a part of `platform`')
    : Missing('without `arch` it is no platform: use `platform`, such as "linux/arm/v7"')

export const entrypoint: Judge = (value) =>
  typeof value === 'string' ? Converted('a list here', [{ name: 'entrypoint', value: [value] }]) : EQUAL

const SOCKET = /^(?:\/var)?\/run\/(?:podman\/podman|docker)\.sock(?::|$)/

export const volumes: Judge = (value) => {
  const short = Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
  if (short.some((one) => SOCKET.test(one))) return Differs("one names podman's socket, and there need not be a podman")
  const isRelabelled = short.some((one) => /:(?:[^/:]*,)?[zZUO](?:,|$)/.test(one))
  return isRelabelled ? Differs('`z`, `Z`, `U` and `O` are not applied') : EQUAL
}
