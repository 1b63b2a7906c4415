import { DocumentPath, inAllocation, inImage, inTask } from '../domain/DocumentPath'
import { numberFor, Unknown, wordFor } from '../domain/Unknown'
import * as ImageConfig from '../image/ImageConfig'
import { ImageFacts } from './Facts'

/** An image of which nobody says who its users are. */
export interface UnknownImage {
  readonly image: Pick<ImageFacts, 'config' | 'passwd' | 'group'>
  readonly unknowns: ReadonlyArray<Unknown>
}

/** Whom a task asks for: its user as written (`""` is the image's) and more groups, each with its option. */
export interface Asked {
  readonly user: string
  readonly groups: ReadonlyArray<{ readonly at: DocumentPath; readonly name: string }>
  /** Whether its users are mapped: then the user of an unknown image is taken as root, which every mapping has. */
  readonly isMapped: boolean
}

/**
 * The accounts of an image that nobody knows, as far as a task asks for them. root is 0:0 everywhere; a number stays a
 * number.
 */
export const unknownAccounts = (given: ImageConfig.ImageConfig, { user, groups, isMapped }: Asked): UnknownImage => {
  const isKnown = given !== ImageConfig.placeholder
  const isRoots = isMapped && !isKnown && user === ''
  const config = isKnown ? given : { ...given, user: isRoots ? '' : USER_TOKEN, cwd: CWD_TOKEN }
  const asked = user === '' ? config.user : user
  const [who = '', group] = asked.split(':')
  const at = user === '' ? inImage('config', 'User') : inAllocation('user')
  const whose = user === '' && !isKnown ? USER : { at, who, called: `image.user.${who}` }
  const account = isRoots ? NOBODY : accountOf(whose, group)
  const named = [
    ...(group === undefined || isNumber(group) ? [] : [{ at, name: group }]),
    ...groups.filter(({ name }) => !isNumber(name))
  ]
  const more = named.map((one) => unknownGroup(one.at, one.name))
  return {
    image: { config, passwd: account.passwd, group: [...account.groups, ...more.map(({ line }) => line)].join('\n') },
    unknowns: [...(isKnown ? [] : [CWD]), ...account.unknowns, ...more.map(({ unknown }) => unknown)]
  }
}

const KNOWN = 'only the image knows (--lock, or a facts file)'

interface Who {
  readonly at: DocumentPath
  readonly who: string
  readonly called: string
}

const USER_TOKEN = wordFor('image.config.User')

const USER: Who = { at: inTask('image'), who: USER_TOKEN, called: 'image.config.User' }

const CWD_TOKEN = `/${wordFor('image.config.WorkingDir')}`

const CWD: Unknown = {
  at: inTask('image'),
  name: '${image.config.WorkingDir}',
  token: CWD_TOKEN,
  known: `the working directory ${KNOWN}`
}

const isNumber = (text: string): boolean => /^\d+$/.test(text)

interface Account {
  readonly passwd: string
  readonly groups: ReadonlyArray<string>
  readonly unknowns: ReadonlyArray<Unknown>
}

const NOBODY: Account = { passwd: '', groups: [], unknowns: [] }

const accountOf = ({ at, who, called }: Who, group: string | undefined): Account => {
  const isRoot = who === '' || who === 'root' || Number(who) === 0
  // By numbers alone nothing is looked up.
  if (isNumber(who) && group !== undefined) return NOBODY
  const [uid, gid, more] = ['uid', 'gid', 'groups'].map((part) => idOf(at, `${called}.${part}`))
  if (uid === undefined || gid === undefined || more === undefined) return NOBODY
  const name = isNumber(who) || who === '' ? NAMELESS : who
  const written = isRoot && name === NAMELESS ? 'root' : name
  const ids = isRoot ? '0:0' : `${isNumber(who) ? who : String(uid.token)}:${String(gid.token)}`
  return {
    passwd: `${written}:x:${ids}::/:`,
    groups: group === undefined ? [`${NAMELESS}s:x:${String(more.token)}:${written}`] : [],
    unknowns: [...(isRoot ? [] : [...(isNumber(who) ? [] : [uid]), gid]), ...(group === undefined ? [more] : [])]
  }
}

const NAMELESS = wordFor('image.account')

const idOf = (at: DocumentPath, called: string): Unknown => ({
  at, name: `\${${called}}`, token: numberFor(called), known: `who that user is, ${KNOWN}`
})

const unknownGroup = (at: DocumentPath, group: string): { readonly line: string; readonly unknown: Unknown } => {
  const name = `\${image.group.${group}.gid}`
  const token = numberFor(name)
  return {
    line: `${group}:x:${String(token)}:`,
    unknown: { at, name, token, known: `the id of the group ${JSON.stringify(group)} ${KNOWN}` }
  }
}
