import { Finding, isSame } from './Finding'
import { Migration, Told } from './migrateJob'
import { Tag } from './rows/Verdict'

/** Whether every task of a job runs as it did. */
export const isAllEqual = ({ tasks }: Migration): boolean => tasks.every(({ findings }) => findings.every(isSame))

const BESIDE =
  'Every task also differs in what it starts with (host name, capabilities, no_new_privileges, seccomp, AppArmor, /run): see docs/coming-from-docker.md.'

const TAGS: ReadonlyArray<Exclude<Tag, 'Equal'>> = ['Renamed', 'Converted', 'Differs', 'Missing']

const WORDS: Readonly<Record<Tag, string>> = {
  Equal: 'equal',
  Renamed: 'renamed',
  Converted: 'converted',
  Differs: 'differs',
  Missing: 'missing'
}

const count = (amount: number, what: string): string => `${String(amount)} ${what}${amount === 1 ? '' : 's'}`

const summary = ({ tasks }: Migration): string => {
  const done = tasks.filter(({ isRewritten }) => isRewritten)
  const others = tasks.length - done.length
  const open = done.flatMap(({ findings }) => findings.filter((one) => !isSame(one)))
  const tail = others === 0 ? '' : `, ${String(others)} left alone`
  const work = open.length === 0 ? 'nothing differs' : `${count(open.length, 'option')} to look at`
  return `${count(done.length, 'task')} rewritten${tail}; ${work}.`
}

const equalNames = (findings: ReadonlyArray<Finding>): ReadonlyArray<string> =>
  [...new Set(findings.filter(({ tag }) => tag === 'Equal').map(({ option }) => option))]

/** The findings that are more than equal, by kind; the same told of several blocks is told once. */
const others = (findings: ReadonlyArray<Finding>): ReadonlyArray<Finding> =>
  TAGS.flatMap((tag) => findings.filter((one) => one.tag === tag)).filter(
    (one, index, all) => all.findIndex(({ option, text }) => option === one.option && text === one.text) === index
  )

const heading = ({ name, driver, isRewritten }: Told): string =>
  isRewritten ? `${name}: rewritten` : `${name}: left alone, its driver is ${driver}`

/** The report for a terminal. */
export const asText = (migration: Migration): string =>
  [
    ...migration.tasks.flatMap((told) => [heading(told), ...textLines(told)]),
    summary(migration),
    ...(rewrote(migration) ? [BESIDE] : [])
  ]
    .map((line) => `${line}\n`)
    .join('')

const textLines = ({ findings }: Told): ReadonlyArray<string> => {
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
    '# From docker to containerd-driver', '', summary(migration),
    ...migration.tasks.flatMap((told) => ['', `## ${heading(told)}`, ...table(told)]),
    ...(rewrote(migration) ? ['', BESIDE] : [])
  ].map((line) => `${line}\n`).join('')

const table = ({ findings }: Told): ReadonlyArray<string> => {
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

/** The report as JSON: every finding of every task. */
export const asJson = (migration: Migration): string =>
  `${JSON.stringify(
    {
      allEqual: isAllEqual(migration),
      tasks: migration.tasks.map(({ name, driver, isRewritten, findings }) => ({
        task: name,
        driver,
        rewritten: isRewritten,
        options: findings.map(({ option, tag, text }) => ({
          option,
          outcome: WORDS[tag],
          ...(text === '' ? {} : { text })
        }))
      }))
    },
    null,
    2
  )}\n`
