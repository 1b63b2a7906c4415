import { ImageConfig } from '../decode/ImageConfig'
import { digestOf } from '../domain/digest'
import { Facts, HostFacts, merge, none } from './Facts'
import { Question } from './Question'

/** All forty-one capabilities of Linux 5.9 and later (capabilities(7)). */
export const ALL_CAPABILITIES = [
  'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP',
  'LINUX_IMMUTABLE', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'IPC_OWNER',
  'SYS_MODULE', 'SYS_RAWIO', 'SYS_CHROOT', 'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_NICE',
  'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'MKNOD', 'LEASE', 'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP',
  'MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ', 'PERFMON', 'BPF',
  'CHECKPOINT_RESTORE'
].map((name) => `CAP_${name}`)

/** The host of the sample (docs/sample.md). */
export const SAMPLE_HOST: HostFacts = {
  architecture: 'amd64',
  kernel: '6.1.0',
  cgroups: 'v2',
  swapAccounting: true,
  cpuMhz: 8000,
  cpuCores: 4,
  resolvConf: '/etc/resolv.conf',
  capabilities: ALL_CAPABILITIES,
  openFilesLimit: 1_048_576
}

/** The sample's answers to the questions that `given` leaves open. What the sample cannot know stays open. */
export const sampleFacts = (questions: ReadonlyArray<Question>, given: Facts, image: ImageConfig): Facts =>
  merge(questions.map((question) => answer(question, image)).reduce(merge, none), given)

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
      return { ...none, paths: { [question.path]: { kind: 'directory', realPath: question.path } } }
    case 'AskDevice':
      return none
  }
}

