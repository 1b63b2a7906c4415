import { printable } from '../../core/domain/printable'

/**
 * The file of a task's result below a directory of results: `jobs/web.nomad.hcl` and `front/app` are
 * `jobs/web.nomad.hcl/front.app.json`, a fixture directory `cases/one` is `cases/one/task.json`. A step out of the
 * directory (`..`) is `__`, a dot in a name of group or task `%2E`.
 */
export const resultFile = (file: string, task: string, ending: string): string => {
  const path = file
    .split(/[/\\]/)
    .filter((part) => part !== '' && part !== '.')
    .map((part) => (part === '..' ? '__' : part))
    .join('/')
  return `${path}/${task === '' ? 'task' : task.split('/').map(encoded).join('.')}${ending}`
}

const encoded = (name: string): string => encodeURIComponent(name).replaceAll('.', '%2E')

/** What has the same file as something before it, a sentence each: one input under two names, mostly. */
export const sharedFiles = (
  results: ReadonlyArray<{ readonly name: string; readonly file: string }>
): ReadonlyArray<string> => {
  const first = new Map<string, string>()
  return results.flatMap(({ name, file }) => {
    const other = first.get(file)
    if (other === undefined) first.set(file, name)
    return other === undefined
      ? []
      : [`${printable(name)}: has the same file as ${printable(other)}: ${printable(file)}; name it once`]
  })
}
