import { DocumentPath, inAllocation, inTask } from '../../core/domain/DocumentPath'
import { Explained } from '../../core/provenance/Cause'
import { isWithin } from '../../core/provenance/causes'
import { Loaded } from '../load/Loaded'
import { spot } from '../output/taskNotes'

/** Something that a job says outside of `config`: what it is for, where it is written, and what follows from it. */
interface JobPart {
  readonly text: string
  readonly at: DocumentPath
  readonly pointers: ReadonlyArray<string>
}

const MEMORY = '/spec/linux/resources/memory'
const CPU = '/spec/linux/resources/cpu'
const IN_RESOURCES = 'of `resources { … }` of the task'

const PARTS: Readonly<Record<string, JobPart>> = {
  memory: {
    text: `Memory of the task in MB, ${IN_RESOURCES}: the limit, or what is reserved beside \`memory_max\`.`,
    at: inAllocation('resources'),
    pointers: [MEMORY]
  },
  memory_max: { text: `The memory limit in MB, ${IN_RESOURCES}.`, at: inAllocation('resources'), pointers: [MEMORY] },
  cpu: { text: `Share of CPU in MHz, ${IN_RESOURCES}.`, at: inAllocation('resources'), pointers: [CPU] },
  cores: { text: `Whole CPUs for the task alone, ${IN_RESOURCES}.`, at: inAllocation('resources'), pointers: [CPU] },
  resources: {
    text: 'What the task may use, `resources { … }` of the task.',
    at: inAllocation('resources'),
    pointers: ['/spec/linux/resources', '/spec/linux/cgroupsPath']
  },
  user: {
    text: "User of the process, `user` of the task: a name or number, a group after `:`. The image's when left out.",
    at: inAllocation('user'),
    pointers: ['/spec/process/user']
  },
  env: {
    text: "Variables of the process, `env { … }` of the task, beside the image's and Nomad's own.",
    at: inAllocation('env'),
    pointers: ['/spec/process/env']
  },
  network: {
    text: 'Network of the group, `network { … }`, shared by its tasks. Without one, `network_mode` says what it is.',
    at: inAllocation('networkIsolationSpec'),
    pointers: [
      '/network',
      '/spec/linux/namespaces/network',
      '/spec/mounts/~1etc~1hosts',
      '/spec/mounts/~1etc~1resolv.conf'
    ]
  },
  ports: {
    text: 'Ports of the group, in its `network { … }`. Nomad maps them to the network of the group.',
    at: inAllocation('ports'),
    pointers: ['/network']
  },
  dns: {
    text: 'Name servers of the group, `network { dns { … } }`.',
    at: inAllocation('dns'),
    pointers: ['/spec/mounts/~1etc~1resolv.conf']
  },
  volume_mount: {
    text: "Where a volume of the group stands in the task. Nomad mounts it; its source is the client's.",
    at: inTask(),
    pointers: ['/spec/mounts']
  }
}

/** What a word of a job stands for (`memory`, `env.PATH`); undefined when it is none of them. */
export const jobPartNamed = (word: string): JobPart | undefined => {
  const variable = /^env\.(.+)$/s.exec(word)?.[1]
  if (variable !== undefined)
    return {
      text: `The variable ${variable} of the process.`,
      at: inAllocation('env', variable),
      pointers: [`/spec/process/env/${variable.replaceAll('~', '~0').replaceAll('/', '~1')}`]
    }
  return Object.hasOwn(PARTS, word) ? PARTS[word] : undefined
}

/** The words of a job that have an answer. */
export const JOB_PARTS: ReadonlyArray<string> = Object.keys(PARTS)

/** What is told of such a word before the parts of the outcome that it decides. */
export const jobPartText = (task: Loaded, word: string, { text, at }: JobPart): string =>
  `${word}: ${text}\n  written in ${spot(task.placeOf(at))}\n`

/** The parts of the outcome that such a word decides. */
export const partsOfJobPart = (parts: ReadonlyArray<Explained>, { pointers }: JobPart): ReadonlyArray<Explained> =>
  parts.filter(({ pointer, key }) => pointers.some((wanted) => isWithin(wanted, pointer) || isWithin(wanted, key)))
