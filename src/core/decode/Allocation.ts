import { NAME_SERVERS } from '../domain/ceilings'
import * as F from '../field/Field'
import * as K from '../field/Kind'
import { pathText } from '../field/pathKind'
import * as P from './protoJson'

const portMapping = {
  label: P.text(K.text),
  value: P.number(),
  to: P.number(),
  hostIp: P.text(K.text)
}

const allocated = {
  cpu: P.message({ cpuShares: P.number() }),
  memory: P.message({ memoryMb: P.number(), memoryMaxMb: P.number() }),
  networks: P.ignored()
}

const linux = {
  cpuPeriod: P.number(),
  cpuQuota: P.number(),
  cpuShares: P.number(),
  memoryLimitBytes: P.number(),
  oomScoreAdj: P.number(),
  cpusetCpus: P.text(K.text),
  PercentTicks: F.withDefault(P.double, 0, ''),
  cpusetCgroup: P.text(pathText)
}

const mount = {
  taskPath: P.text(pathText),
  hostPath: P.text(pathText),
  readonly: F.withDefault(K.flag, false, ''),
  propagationMode: F.withDefault(P.enumOf(['', 'private', 'host-to-task', 'bidirectional']), '', ''),
  selinuxLabel: P.text(K.text),
  requestName: P.text(K.text)
}

const device = { taskPath: P.text(pathText), hostPath: P.text(pathText), cgroupPermissions: P.text(K.text) }

const isolation = {
  mode: F.withDefault(P.enumOf(['HOST', 'GROUP', 'TASK', 'NONE']), 'HOST', ''),
  path: P.text(pathText),
  labels: P.ignored(),
  hostsConfig: P.optionalMessage({ hostname: P.text(K.text), address: P.text(K.text) })
}

const resolver = K.textsOf(K.text, NAME_SERVERS)

const dns = {
  servers: F.orEmpty(resolver, [], ''),
  searches: F.orEmpty(resolver, [], ''),
  options: F.orEmpty(resolver, [], '')
}

/** Nomad's TaskConfig message (driver.proto), without the driver's own config. */
export const fields = {
  id: F.required(K.text, ''),
  name: F.required(pathText, ''),
  msgpackDriverConfig: P.ignored(),
  env: F.orEmpty(P.secretMap, {}, ''),
  deviceEnv: F.orEmpty(P.secretMap, {}, ''),
  resources: P.message({
    allocatedResources: P.message(allocated),
    linuxResources: P.message(linux),
    ports: P.messages(portMapping)
  }),
  mounts: P.messages(mount),
  devices: P.messages(device),
  user: P.text(K.text),
  allocDir: F.required(pathText, ''),
  stdoutPath: P.text(pathText),
  stderrPath: P.text(pathText),
  taskGroupName: P.text(K.text),
  jobName: P.text(K.text),
  allocId: P.text(K.text),
  networkIsolationSpec: P.optionalMessage(isolation),
  dns: P.optionalMessage(dns),
  jobId: P.text(K.text),
  namespace: P.text(K.text),
  nodeName: P.text(K.text),
  nodeId: P.text(K.text),
  parentJobId: P.text(K.text)
} as const satisfies F.Fields

/** What Nomad says about one run of a task: identity, resources, environment, mounts, network. */
export type Allocation = F.TypeOf<typeof fields>

/** Decodes proto3 JSON, and the generated message itself. */
export const codec = P.messageCodec('allocation', fields)
