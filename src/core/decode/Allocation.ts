import * as F from './Field'
import * as K from './Kind'
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
  cpusetCgroup: P.text(K.text)
}

const mount = {
  taskPath: P.text(K.text),
  hostPath: P.text(K.text),
  readonly: F.withDefault(K.flag, false, ''),
  propagationMode: F.withDefault(P.enumOf(['', 'private', 'host-to-task', 'bidirectional']), '', ''),
  selinuxLabel: P.text(K.text),
  requestName: P.text(K.text)
}

const device = { taskPath: P.text(K.text), hostPath: P.text(K.text), cgroupPermissions: P.text(K.text) }

const isolation = {
  mode: F.withDefault(P.enumOf(['HOST', 'GROUP', 'TASK', 'NONE']), 'HOST', ''),
  path: P.text(K.text),
  labels: P.ignored(),
  hostsConfig: P.optionalMessage({ hostname: P.text(K.text), address: P.text(K.text) })
}

const dns = {
  servers: F.orEmpty(K.texts, [], ''),
  searches: F.orEmpty(K.texts, [], ''),
  options: F.orEmpty(K.texts, [], '')
}

/** Nomad's TaskConfig message (driver.proto), without the driver's own config. */
export const fields = {
  id: F.required(K.text, ''),
  name: F.required(K.text, ''),
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
  allocDir: F.required(K.text, ''),
  stdoutPath: P.text(K.text),
  stderrPath: P.text(K.text),
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
