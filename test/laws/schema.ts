import * as fs from 'node:fs'
import * as path from 'node:path'

import Ajv, { ErrorObject, ValidateFunction } from 'ajv-draft-04'

import { isRecord } from '../../src/core/domain/isRecord'
import { Breaches } from './spec'

const FOLDER = '/usr/share/gocode/src/github.com/opencontainers/runtime-spec/schema'
const ROOT = 'config-schema.json'

const read = (folder: string, name: string): object => {
  const value: unknown = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'))
  if (!isRecord(value)) throw new Error(`${name} is no JSON schema`)
  return value
}

/** The schema of a container's configuration, made of the files of one folder. Says what to install when there is none. */
export const schemaOf = (folder: string): ValidateFunction => {
  if (!fs.existsSync(path.join(folder, ROOT))) {
    throw new Error(`no OCI schema in ${folder}: npm test installs it: golang-github-opencontainers-specs-dev`)
  }
  // The schema has words beside a $ref, which strict mode takes for mistakes.
  const ajv = new Ajv({ allErrors: true, strict: false, verbose: true })
  for (const name of fs.readdirSync(folder)) {
    if (name.endsWith('.json') && name !== ROOT) ajv.addSchema(read(folder, name), name)
  }
  return ajv.compile(read(folder, ROOT))
}

// The schema has the four plain words only. runc takes these too (specconv), and containerd's CRI plugin writes them.
const RECURSIVE = ['rprivate', 'rshared', 'rslave', 'runbindable']

const isForgiven = ({ instancePath, data }: ErrorObject): boolean =>
  instancePath === '/linux/rootfsPropagation' && RECURSIVE.some((word) => word === data)

let valid: ValidateFunction | undefined

/** The spec is valid by the JSON schema of the OCI runtime spec, as Debian has it. */
export const isValidByTheSchema = (spec: unknown): Breaches => {
  valid ??= schemaOf(FOLDER)
  if (valid(spec)) return []
  return (valid.errors ?? [])
    .filter((error) => !isForgiven(error))
    .map(({ instancePath, message, data }) => `${instancePath} ${message ?? 'is wrong'}, but is ${JSON.stringify(data)}`)
}
