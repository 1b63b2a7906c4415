import { inTask } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { isAbsolute } from '../domain/path'
import { wrongPath } from '../image/LocalSource'
import { isOfTask } from '../wanted/localImage'
import { Decoded, Refusals } from './Decoded'

/** What is wrong with an image that a task brings along: a path out of its directory, or two sources at once. */
export const localImage = ({ task: { image, load } }: Decoded): Refusals => [
  ...(load === undefined ? [] : loaded(load)),
  ...(image?.value.source === undefined || isOfTask(image.value.source.path)
    ? []
    : [Issue('BadValue', inTask('image'), image.written, NO_HOST, HOW)]),
  ...(load !== undefined && image?.value.source !== undefined
    ? [Issue('Conflict', inTask('load'), load, 'is a second source beside `image`', 'name the image in `image`')]
    : []),
  ...(load !== undefined && image?.value.digest !== undefined
    ? [Issue('Conflict', inTask('load'), load, 'and a digest do not go together', 'name the image with its tag')]
    : [])
]

const loaded = (load: string): Refusals => {
  if (isAbsolute(load)) return [Issue('BadValue', inTask('load'), load, NO_HOST, HOW)]
  const wrong = wrongPath(load)
  return wrong === undefined ? [] : [Issue('BadValue', inTask('load'), load, wrong)]
}

const NO_HOST = 'leads out of the directory of the task: no file of the host is read'
const HOW = 'bring the archive with an `artifact`, and write its path in the directory of the task'
