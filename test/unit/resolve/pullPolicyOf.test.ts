import * as E from 'fp-ts/Either'

import { TaskConfig } from '../../../src/core/decode/TaskConfig'
import * as ImageReference from '../../../src/core/image/ImageReference'
import { pullPolicyOf } from '../../../src/core/resolve/pullPolicyOf'

const policy = (image: string, task: Partial<TaskConfig> = {}): string => {
  const parsed = ImageReference.parse(image)
  if (E.isLeft(parsed)) throw new Error(parsed.left)
  return pullPolicyOf({ task: { force_pull: false, ...task, image: { written: image, value: parsed.right } } as TaskConfig })
}

const DIGEST = `sha256:${'a'.repeat(64)}`

it.each([['redis', 'always'], ['redis:latest', 'always'], ['r.example/a/b', 'always'], ['redis:7', 'missing'], [`redis@${DIGEST}`, 'missing'], [`redis:latest@${DIGEST}`, 'missing']])('%s is pulled %s', (image, said) => {
  expect(policy(image)).toBe(said)
})

it('what the job says counts, whatever the image is called', () => {
  for (const image of ['redis', 'redis:7']) {
    for (const pull_policy of ['always', 'missing', 'never'] as const) expect(policy(image, { pull_policy })).toBe(pull_policy)
    expect(policy(image, { force_pull: true })).toBe('always')
  }
})
