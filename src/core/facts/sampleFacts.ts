import { ALL_CAPABILITIES } from '../domain/capabilities'
import { digestOf } from '../domain/digest'
import { ImageConfig } from '../image/ImageConfig'
import { Facts, HostFacts, merged, none } from './Facts'
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
  capabilities: ALL_CAPABILITIES,
  openFilesLimit: 1_048_576,
  hardLimits: {},
  apparmor: true,
  selinux: true
}

/** The sample's answers to the questions that `given` leaves open. What the sample cannot know stays open. */
export const sampleFacts = (questions: ReadonlyArray<Question>, given: Facts, image: ImageConfig): Facts =>
  merged([...questions.map((question) => answer(question, image)), given])

const answer = (question: Question, config: ImageConfig): Facts => {
  switch (question._tag) {
    case 'AskHost':
      return { ...none, host: SAMPLE_HOST }
    case 'AskImage':
      return {
        ...none,
        images: {
          [question.name]: {
            digest: digestOf(`sample manifest of ${question.name}`),
            chainId: digestOf(`sample layers of ${question.name}`),
            config,
            passwd: '',
            group: ''
          }
        }
      }
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
  }
}

