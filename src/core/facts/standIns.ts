import { digestOf } from '../domain/digest'
import { DocumentPath } from '../domain/DocumentPath'
import { numberFor, Unknown, wordFor } from '../domain/Unknown'
import { Facts, none } from './Facts'

/** Facts in which tokens stand for what nobody knows, and what these tokens are. */
export interface StandIns {
  readonly facts: Facts
  readonly unknowns: ReadonlyArray<Unknown>
}

export const NOTHING_UNKNOWN: StandIns = { facts: none, unknowns: [] }

/** A device whose numbers only the host knows. */
export const unknownDevice = (at: DocumentPath, path: string, type: 'c' | 'b'): StandIns => {
  const name = `\${host.device.${path}}`
  const token = numberFor(name)
  const known = `what ${path} is, only the host knows${type === 'b' ? '' : OR_DIRECTORY} (${ON_A_CLIENT})`
  const device = { type, major: token, minor: token, fileMode: USUAL_MODE, uid: 0, gid: 0 }
  return { facts: { ...none, devices: { [path]: device } }, unknowns: [{ at, name, token, known }] }
}

const OR_DIRECTORY = ': a device, or a directory with several in it'
const ON_A_CLIENT = '`containerd-driver facts JOB` prints it there, for --facts'

const USUAL_MODE = 0o666

/** A filter of system calls whose file only the host has. */
export const unknownProfile = (at: DocumentPath, path: string): StandIns => {
  const name = `\${host.file.${path}}`
  const known = `what is in ${path}, only the host knows (in a facts file: "files")`
  return {
    facts: { ...none, files: { [path]: { kind: 'file', realPath: path, text: PROFILE } } },
    unknowns: [{ at, name, token: UNKNOWN_PROFILE, known }]
  }
}

const PROFILE = JSON.stringify({ defaultAction: 'SCMP_ACT_ERRNO' })

/** The digest of the text that stands for a profile: where it is, the filter is not known. */
export const UNKNOWN_PROFILE = digestOf(PROFILE)

/** A device that a CDI file of the host describes: its nodes, mounts, variables and hooks. */
export const unknownCdi = (wanted: ReadonlyArray<{ readonly at: DocumentPath; readonly name: string }>): StandIns => {
  const all = wanted.map(({ at, name: device }) => {
    const name = `\${host.cdi.${device}}`
    const known = `what ${device} gives, only the CDI files of the host know (in a facts file: "cdi")`
    const [path, number] = [`/dev/${wordFor(name)}`, numberFor(name)]
    return { device, path: { at, name, known, token: path }, number: { at, name, known, token: number } }
  })
  const cdi = all.map(({ device, path, number }) => {
    const [kind, one = ''] = device.split('=')
    const node = { path: path.token, type: 'c', major: number.token, minor: number.token }
    const document = { cdiVersion: '0.6.0', kind, devices: [{ name: one, containerEdits: { deviceNodes: [node] } }] }
    return { path: `/etc/cdi/${wordFor(device)}.json`, document }
  })
  return { facts: { ...none, cdi }, unknowns: all.flatMap(({ path, number }) => [path, number]) }
}
