import * as E from 'fp-ts/Either'

import { PluginConfig } from '../../../core/decode/PluginConfig'
import { ruleOf } from '../../../core/gc/ruleOf'
import { SeenImages } from '../../../core/gc/SeenImages'
import { Rule } from '../../../core/gc/verdicts'
import * as explain from '../../../core/report/explain'
import { lookAtImages } from '../../../driver/lookAtImages'
import { livePorts } from '../../../effects/livePorts'
import { Ports } from '../../../effects/ports/Ports'
import { operatorsConfig } from '../../load/operatorsConfig'
import { Output, refused } from '../../output/Output'

/** What there is of images, and what the operator wants of them. */
export interface Sight {
  readonly ports: Ports
  readonly config: PluginConfig
  readonly seen: SeenImages
  readonly rule: Rule
}

/** Does something with what is seen of the images of a namespace; what could not be seen is told on stderr. */
export const withSight = async (
  plugin: string | undefined, act: (sight: Sight) => Promise<Output>
): Promise<Output> => {
  const config = await operatorsConfig(plugin)
  if (E.isLeft(config)) return refused(config.left)
  const rule = ruleOf(config.right.gc)
  const warned: Array<string> = []
  const ports = livePorts((_level, message, details = {}) => {
    warned.push(`${message}: ${details['detail'] ?? ''}\n`)
  })
  try {
    const seen = await lookAtImages(ports, config.right, rule.high !== undefined)
    if (E.isLeft(seen)) return { stdout: '', stderr: `${explain.failure(seen.left)}\n`, exitCode: 1 }
    const output = await act({ ports, config: config.right, seen: seen.right, rule })
    return { ...output, stderr: warned.join('') + output.stderr }
  } finally {
    ports.close()
  }
}
