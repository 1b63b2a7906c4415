import * as E from 'fp-ts/Either'

import { printable } from '../../core/domain/printable'
import { disk } from './Files'
import { LoadOptions } from './Loaded'
import { Variables } from './parseAll'

/**
 * The variables of HCL jobs: `--var`, `--var-file`, and `NOMAD_VAR_…` of the environment. Left has a sentence for each
 * file that cannot be read.
 */
export const variablesOf = ({
  files = disk,
  var: vars = [],
  varFile = []
}: Pick<LoadOptions, 'files' | 'var' | 'varFile'>): E.Either<ReadonlyArray<string>, Variables> => {
  const read = varFile.map((name) => E.map((source: string) => ({ name: files.label(name), source }))(files.read(name)))
  const wrong = [
    ...read.flatMap((one) => (E.isLeft(one) ? [one.left] : [])),
    ...vars.filter((text) => !/^[^=\s]+=/.test(text)).map((text) => `--var ${nameOnly(text)}: must be NAME=VALUE`)
  ]
  if (wrong.length > 0) return E.left(wrong)
  return E.right({
    vars,
    varFiles: read.flatMap((one) => (E.isRight(one) ? [one.right] : [])),
    envs: Object.entries(process.env)
      .filter(([name]) => name.startsWith('NOMAD_VAR_'))
      .map(([name, value]) => `${name}=${value ?? ''}`)
  })
}

// What stands after the name may be a secret.
const nameOnly = (text: string): string => JSON.stringify(printable(text.split('=')[0] ?? ''))
