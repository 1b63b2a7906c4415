import { inImage } from '../domain/DocumentPath'
import { Notice } from '../domain/Notice'
import { ImageConfig } from '../image/ImageConfig'
import { nameIn } from './env'

/** What is odd in the config of an image and runs all the same. */
export const imageNotices = ({ env }: ImageConfig): ReadonlyArray<Notice> =>
  env.some((line) => nameIn(line) === '')
    ? [Notice(inImage('config', 'Env'), 'has an entry without a name (`=…`): it is left out')]
    : []
