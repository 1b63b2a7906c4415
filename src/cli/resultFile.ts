/**
 * The file of a task's result below a directory of results: `jobs/web.nomad.hcl` and `front/app` are `jobs/web.nomad.hcl/front.app.json`, a fixture
 * directory `cases/one` is `cases/one/task.json`. A step out of the directory (`..`) is `__`.
 */
export const resultFile = (file: string, task: string, ending: string): string => {
  const path = file.split(/[/\\]/).filter((part) => part !== '' && part !== '.').map((part) => (part === '..' ? '__' : part)).join('/')
  return `${path}/${task === '' ? 'task' : task.split('/').map(encodeURIComponent).join('.')}${ending}`
}
