import { DocumentPath, inAllocation, inTask } from './domain/DocumentPath'
import { clean } from './domain/path'
import { about, Facts, merged, none } from './facts/Facts'
import { Question } from './facts/Question'
import { sampleFacts } from './facts/sampleFacts'
import { NOTHING_UNKNOWN, StandIns, unknownCdi, unknownDevice, unknownProfile } from './facts/standIns'
import { Asked, unknownAccounts } from './facts/unknownAccounts'
import * as ImageConfig from './image/ImageConfig'
import { inquiryOf } from './resolve/inquiry'
import { ALL_DEVICES, imageName } from './resolve/questionsOf'
import { Request } from './resolve/Request'
import { BLOCK_IO } from './wanted/blockIO'
import { wantedCdi, wantedDevices } from './wanted/wantedDevices'

/**
 * An answer to every question of a request: what is given, else what the sample knows, else a token that stands for
 * what only the host or the image can know.
 */
export const standInFacts = (request: Request, given: Facts, image: ImageConfig.ImageConfig): StandIns => {
  const inquiry = inquiryOf(request)
  const first = round(inquiry.questions, request, given, image)
  const second = round(inquiry.more(first.facts), request, first.facts, image)
  return { facts: second.facts, unknowns: [...first.unknowns, ...second.unknowns] }
}

const round = (
  questions: ReadonlyArray<Question>, request: Request, given: Facts, image: ImageConfig.ImageConfig
): StandIns => {
  const known = sampleFacts(questions, given, image)
  const all = questions.map((question) => standInFor(question, request, { known, given, image }))
  return {
    facts: merged([known, ...all.map(({ facts }) => facts)]),
    unknowns: all.flatMap(({ unknowns }) => unknowns)
  }
}

interface Around {
  readonly known: Facts
  readonly given: Facts
  readonly image: ImageConfig.ImageConfig
}

const standInFor = (question: Question, request: Request, { known, given, image }: Around): StandIns => {
  switch (question._tag) {
    case 'AskHost': case 'AskPath': case 'AskNetwork': case 'AskConflist':
      return NOTHING_UNKNOWN
    case 'AskImage':
      return imageFor(request, { known, given, image })
    case 'AskDevice':
      return isAnswered(question.path, known)
        ? NOTHING_UNKNOWN
        : unknownDevice(atOfDevice(request, question.path), question.path, 'c')
    case 'AskBlockDevice':
      return isAnswered(question.path, known)
        ? NOTHING_UNKNOWN
        : unknownDevice(atOfRate(request, question.path), question.path, 'b')
    case 'AskFile':
      return about(known.files, question.path) === undefined
        ? unknownProfile(inTask('seccomp_profile'), question.path)
        : NOTHING_UNKNOWN
    case 'AskCdi':
      return known.cdi === undefined ? unknownCdi(wantedCdi(request.task.devices)) : NOTHING_UNKNOWN
  }
}

/** A directory is answered by the devices in it; which there are in `/dev` of a privileged task, nobody asks here. */
const isAnswered = (path: string, { devices }: Facts): boolean =>
  path === ALL_DEVICES || Object.keys(devices).some((one) => one === path || one.startsWith(`${clean(path)}/`))

const atOfDevice = ({ task, allocation }: Request, path: string): DocumentPath => {
  const [wanted] = wantedDevices(task.devices).filter(({ hostPath }) => hostPath === path)
  const index = allocation.devices.findIndex(({ hostPath }) => hostPath === path)
  return wanted?.at ?? (index < 0 ? inTask('devices') : inAllocation('devices', index, 'hostPath'))
}

const atOfRate = ({ task }: Request, path: string): DocumentPath => {
  const found = BLOCK_IO.flatMap(({ option }) =>
    task[option].flatMap(({ place, value }) => (value.path === path ? [inTask(option, place)] : [])))
  return found[0] ?? inTask('device_read_bps')
}

/** The image of a task: of one that is given without accounts, nobody looked for them. */
const imageFor = (request: Request, { known, given, image }: Around): StandIns => {
  const name = imageName(request)
  const there = about(given.images, name)
  const asked: Asked = {
    user: request.allocation.user,
    isMapped: request.task.userns.value._tag === 'Mapped',
    groups: request.task.group_add.map((group, index) => ({ at: inTask('group_add', index), name: group }))
  }
  if (there === undefined) {
    const { image: made, unknowns } = unknownAccounts(image, asked)
    const sample = about(known.images, name)
    return sample === undefined
      ? NOTHING_UNKNOWN
      : { facts: { ...none, images: { [name]: { ...sample, ...made } } }, unknowns }
  }
  const isLooked = there.passwd !== '' || there.group !== '' || there.unread !== undefined
  if (isLooked || !isByName(asked, there.config)) return NOTHING_UNKNOWN
  const { image: made, unknowns } = unknownAccounts(there.config, asked)
  return { facts: { ...none, images: { [name]: { ...there, ...made } } }, unknowns }
}

const isByName = ({ user, groups }: Pick<Asked, 'user' | 'groups'>, config: ImageConfig.ImageConfig): boolean => {
  const names = [...(user === '' ? config.user : user).split(':'), ...groups.map(({ name }) => name)]
  return names.some((name) => name !== '' && !/^\d+$/.test(name))
}
