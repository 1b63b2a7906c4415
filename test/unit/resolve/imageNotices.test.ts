import { empty } from '../../../src/core/image/ImageConfig'
import { imageNotices } from '../../../src/core/resolve/imageNotices'

it.each([[['=x'], 1], [['A=1', ''], 1], [['A=1', 'B', 'C=d=e'], 0], [[], 0]])('an image with the variables %j is worth %d words, and shows no value', (env, count) => {
  const notices = imageNotices({ ...empty, env })
  expect(notices).toHaveLength(count)
  expect(JSON.stringify(notices)).not.toContain('x"')
})
