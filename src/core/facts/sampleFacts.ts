import { ALL_CAPABILITIES } from '../domain/capabilities'
import { ImageConfig } from '../image/ImageConfig'
import { Facts, HostFacts, ImageFacts, merged, none } from './Facts'
import { Question } from './Question'
import { sampleDevice } from './sampleDevices'

/** The host of the sample (docs/sample.md). */
export const SAMPLE_HOST: HostFacts = {
  architecture: 'amd64',
  kernel: '6.1.0',
  cgroups: 'v2',
  swapAccounting: true,
  cpuMhz: 8000,
  cpuCores: 4,
  resolvConf: '/etc/resolv.conf',
  resolvConfText: '',
  hostname: 'sample',
  hostsText: '',
  addresses: ['192.0.2.1'],
  capabilities: ALL_CAPABILITIES,
  openFilesLimit: 1_048_576,
  hardLimits: {},
  apparmor: true,
  selinux: true
}

/** The sample's answers to the questions that `given` leaves open. What the sample cannot know stays open. */
export const sampleFacts = (questions: ReadonlyArray<Question>, given: Facts, image: ImageConfig): Facts =>
  merged([...questions.map((question) => answer(question, image)), given])

/** The plugins of containernetworking/plugins. */
const PLUGINS: ReadonlyArray<string> = [
  'bandwidth', 'bridge', 'dhcp', 'dummy', 'firewall', 'host-device', 'host-local', 'ipvlan', 'loopback', 'macvlan',
  'portmap', 'ptp', 'sbr', 'static', 'tap', 'tuning', 'vlan', 'vrf'
]

const sampleConflist = (name: string): unknown => ({
  cniVersion: '1.0.0',
  name,
  plugins: [
    {
      type: 'bridge',
      bridge: 'sample',
      isGateway: true,
      ipMasq: true,
      ipam: { type: 'host-local', subnet: '10.1.0.0/16' }
    },
    { type: 'portmap', capabilities: { portMappings: true } }
  ]
})

const sampleImage = (config: ImageConfig): ImageFacts => ({
  digest: '${image.digest}',
  chainId: '${image.chainId}',
  config,
  passwd: '',
  group: ''
})

const answer = (question: Question, config: ImageConfig): Facts => {
  switch (question._tag) {
    case 'AskHost':
      return { ...none, host: SAMPLE_HOST }
    case 'AskImage':
      return { ...none, images: { [question.name]: sampleImage(config) } }
    case 'AskPath':
      return { ...none, paths: { [question.path]: { kind: question.likely, realPath: question.path } } }
    case 'AskDevice':
    case 'AskBlockDevice': {
      const device = sampleDevice(question.path)
      return device === undefined ? none : { ...none, devices: { [question.path]: device } }
    }
    case 'AskFile':
    case 'AskCdi':
      return none
    case 'AskNetwork':
      return { ...none, network: { plugins: PLUGINS, routes: [] } }
    case 'AskConflist':
      return { ...none, conflists: { [question.name]: { document: sampleConflist(question.name) } } }
  }
}
