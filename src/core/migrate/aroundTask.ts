import { Finding, findingOf } from './Finding'
import { Around, SourceDriver } from './rows/Around'
import { Differs } from './rows/Verdict'

/** What the driver that a task has now does without being told in its `config`. */
export const aroundTask = (config: Readonly<Record<string, unknown>>, around: Around): ReadonlyArray<Finding> => [
  ...(around.hasNvidia ? [findingOf('resources.device', Differs(NVIDIA))] : []),
  ...(around.network === '' && !hasAddress(config) ? around.driverAddresses : []).map((name) =>
    findingOf('service', Differs(driverAddress(name, around.driver)))
  )
]

/** Whether the driver makes a network for it. */
const hasAddress = (config: Readonly<Record<string, unknown>>): boolean => {
  const { network_mode: mode = '', ports }: { readonly network_mode?: unknown; readonly ports?: unknown } = config
  return mode === '' ? Array.isArray(ports) && ports.length > 0 : mode !== 'host' && mode !== 'none'
}

const NVIDIA =
  'the devices are there, and no nvidia runtime adds drivers and libraries: use CDI, `devices = ["nvidia.com/gpu=all"]`'

/** Who makes the containers of a driver. */
export const makerOf = (driver: SourceDriver): string => (driver === 'docker' ? 'dockerd' : 'podman')

const driverAddress = (name: string, driver: SourceDriver): string =>
  `\`${name}\` is registered with the address that ${makerOf(driver)} gives the task, and here it has none: set \`network_mode = "bridge"\` or publish \`ports\``
