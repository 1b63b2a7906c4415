import { Note } from './aroundGroup'
import { Finding, isSame } from './Finding'
import { Migration, Told } from './migrateJob'
import { Tag } from './rows/Verdict'

const allFindings = ({ notes, tasks }: Migration): ReadonlyArray<Finding> =>
  [...notes, ...tasks].flatMap(({ findings }) => findings)

/** Whether every option of a job means what it meant. */
export const isAllEqual = (migration: Migration): boolean => allFindings(migration).every(isSame)

/** What a container of docker or podman finds and one of this driver does not, whatever its options say. */
const BESIDE: ReadonlyArray<string> = [
  'Every task also starts with other capabilities, and another no_new_privileges, seccomp and AppArmor: see docs/coming-from-docker.md.'
]

const TAGS: ReadonlyArray<Exclude<Tag, 'Equal'>> = ['Renamed', 'Converted', 'Differs', 'Missing']

const WORDS: Readonly<Record<Tag, string>> = {
  Equal: 'equal',
  Renamed: 'renamed',
  Converted: 'converted',
  Differs: 'differs',
  Missing: 'missing'
}

const count = (amount: number, what: string): string => `${String(amount)} ${what}${amount === 1 ? '' : 's'}`

const summary = (migration: Migration): string => {
  const done = migration.tasks.filter(({ isRewritten }) => isRewritten).length
  const others = migration.tasks.length - done
  const tail = others === 0 ? '' : `, ${String(others)} left alone`
  return `${count(done, 'task')} rewritten${tail}; ${outlook(migration)}.`
}

const outlook = (migration: Migration): string => {
  const open = allFindings(migration).filter((one) => !isSame(one)).length
  if (open > 0) return `${count(open, 'option')} to look at`
  return rewrote(migration) ? 'every option means the same' : 'nothing changes'
}

const equalNames = (findings: ReadonlyArray<Finding>): ReadonlyArray<string> =>
  [...new Set(findings.filter(({ tag }) => tag === 'Equal').map(({ option }) => option))]

/** The findings that are more than equal, by kind. */
const others = (findings: ReadonlyArray<Finding>): ReadonlyArray<Finding> =>
  TAGS.flatMap((tag) => findings.filter((one) => one.tag === tag))

const heading = ({ name, driver, isRewritten }: Told): string =>
  isRewritten ? `${name}: rewritten` : `${name}: left alone, its driver is ${driver}`

const noteHeading = ({ of, name }: Note): string => `${of} ${name}`

/** The report for a terminal. */
export const asText = (migration: Migration): string =>
  [
    ...migration.notes.flatMap((note) => [`${noteHeading(note)}:`, ...textLines(note)]),
    ...migration.tasks.flatMap((told) => [heading(told), ...textLines(told)]),
    summary(migration),
    ...(rewrote(migration) ? BESIDE : [])
  ]
    .map((line) => `${line}\n`)
    .join('')

const textLines = ({ findings }: Pick<Told, 'findings'>): ReadonlyArray<string> => {
  const same = equalNames(findings)
  return [
    ...(same.length === 0 ? [] : [`  equal      ${same.join(', ')}`]),
    ...others(findings).map(({ option, tag, text }) => `  ${WORDS[tag].padEnd(10)} ${option}: ${text}`)
  ]
}

const rewrote = ({ tasks }: Migration): boolean => tasks.some(({ isRewritten }) => isRewritten)

/** The report as Markdown, for a pull request. */
export const asMarkdown = (migration: Migration): string =>
  [
    '# To containerd-driver', '', summary(migration),
    ...migration.notes.flatMap((note) => ['', `## ${noteHeading(note)}`, ...table(note)]),
    ...migration.tasks.flatMap((told) => ['', `## ${heading(told)}`, ...table(told)]),
    ...(rewrote(migration) ? ['', BESIDE.join(' ')] : [])
  ].map((line) => `${line}\n`).join('')

const table = ({ findings }: Pick<Told, 'findings'>): ReadonlyArray<string> => {
  const same = equalNames(findings)
    .map((name) => `\`${name}\``)
    .join(', ')
  const rows = others(findings).map(
    ({ option, tag, text }) => `| \`${option}\` | ${WORDS[tag]} | ${text.replaceAll('|', '\\|')} |`
  )
  return [
    ...(same === '' ? [] : ['', `Equal: ${same}.`]),
    ...(rows.length === 0 ? [] : ['', '| option | what becomes of it | |', '| --- | --- | --- |', ...rows])
  ]
}

/** The report as JSON: one finding for every option of every task, and what is told of groups and of the job. */
export const asJson = (migration: Migration): string => `${JSON.stringify(documentOf(migration), null, 2)}\n`

/** The reports of several jobs as JSON, by file. */
export const allAsJson = (migrations: ReadonlyArray<readonly [file: string, Migration]>): string =>
  `${JSON.stringify(migrations.map(([file, one]) => ({ file, ...documentOf(one) })), null, 2)}\n`

const documentOf = (migration: Migration): object => ({
  allEqual: isAllEqual(migration),
  ...(rewrote(migration) ? { everyTask: BESIDE.join(' ') } : {}),
  notes: migration.notes.map(({ of, name, findings }) => ({ [of]: name, options: findings.map(optionOf) })),
  tasks: migration.tasks.map(({ name, driver, isRewritten, findings }) => ({
    task: name,
    driver,
    rewritten: isRewritten,
    options: findings.map(optionOf)
  }))
})

const optionOf = ({ option, tag, text }: Finding): object => ({
  option,
  outcome: WORDS[tag],
  ...(text === '' ? {} : { text })
})
