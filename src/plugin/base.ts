import { Server, status } from '@grpc/grpc-js'
import * as E from 'fp-ts/Either'

import { hclSpecOf } from '../core/decode/HclSpec'
import * as PluginConfig from '../core/decode/PluginConfig'
import { isNonEmpty } from '../core/domain/Issue'
import { issuesOf } from '../core/field/mistake'
import { wallNotices } from '../core/policy/openWalls'
import { operator } from '../core/policy/operator'
import { policyOf } from '../core/policy/Policy'
import { noticed } from '../core/report/explain'
import { Driver } from '../driver/Driver'
import { BasePluginServer, BasePluginService, ClientTopology, PluginType } from '../generated/nomad/base'
import { Handlers } from './handlers'
import { toSpec } from './hclSpec'
import { plain } from './msgpack'
import { Refusal, refusalOf } from './Refusal'

declare const __VERSION__: string

/** The driver's name in job files and in the agent's configuration. */
export const NAME = 'containerd-driver'

/** The services of every Nomad plugin: who it is, what its configuration looks like, what it is. */
export const addBase = (server: Server, driver: Driver): void => {
  const { unary } = Handlers(driver.ports.log)
  const service: BasePluginServer = {
    pluginInfo: unary(() =>
      Promise.resolve({
        type: PluginType.DRIVER,
        pluginApiVersions: ['v0.1.0'],
        pluginVersion: __VERSION__,
        name: NAME
      })
    ),
    configSchema: unary(() => Promise.resolve({ spec: toSpec(hclSpecOf(PluginConfig.fields)) })),
    // Nomad calls this in copies of the process that only validate: nothing but parsing happens here.
    setConfig: unary(({ msgpackConfig, nomadConfig, pluginApiVersion }) => {
      if (pluginApiVersion !== '' && pluginApiVersion !== 'v0.1.0') {
        throw new Refusal(status.INVALID_ARGUMENT, `plugin API ${pluginApiVersion} is not spoken here; v0.1.0 is`)
      }
      const document = plain(msgpackConfig, "the plugin's config")
      const config = PluginConfig.codec.decode(document)
      if (E.isLeft(config)) throw refusalOf({ _tag: 'Unfit', issues: issuesOf(config.left) })
      const wrong = operator(config.right)
      if (isNonEmpty(wrong)) throw refusalOf({ _tag: 'Unfit', issues: wrong })
      for (const notice of wallNotices(policyOf(config.right))) driver.ports.log('warn', noticed(notice))
      driver.configure({ document, config: config.right, mhzPerCore: mhzPerCore(nomadConfig?.driver?.Topology) })
      return Promise.resolve({})
    })
  }
  server.addService(BasePluginService, service)
}

/** MHz of one core, by Nomad's own view of the machine; undefined when it does not say. */
const mhzPerCore = (topology: ClientTopology | undefined): number | undefined => {
  if (topology === undefined || topology.cores.length === 0) return undefined
  const sum = topology.cores.reduce((total, core) => total + (core.baseSpeed || core.maxSpeed || core.guessSpeed), 0n)
  const all = topology.overrideTotalCompute > 0n ? topology.overrideTotalCompute : sum
  return Number(all) / topology.cores.length
}
