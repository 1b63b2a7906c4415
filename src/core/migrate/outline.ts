import { isRecord } from '../domain/isRecord'
import { Item, Items, Literal, UNKNOWN, Value } from './Item'
import { SourceTask } from './migrateJob'

/** The tasks of a source as the parser lists them; what it lists otherwise is left out. */
export const decode = (value: unknown): ReadonlyArray<SourceTask> => listOf(value).map(taskOf)

const listOf = (value: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> =>
  Array.isArray(value) ? value.filter(isRecord) : []

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const valueOf = (holder: Readonly<Record<string, unknown>>, name: string): Value =>
  Object.hasOwn(holder, name) ? Literal(holder[name]) : UNKNOWN

const taskOf = (task: Readonly<Record<string, unknown>>): SourceTask => ({
  group: text(task['group']), task: text(task['task']), driver: valueOf(task, 'driver'), items: itemsOf(task['items'])
})

const itemsOf = (value: unknown): Items => listOf(value).map(itemOf)

const FORMS: ReadonlyArray<Item['form']> = ['attribute', 'block', 'entry']

const itemOf = (item: Readonly<Record<string, unknown>>): Item => ({
  at: text(item['at']) ?? '',
  name: text(item['name']) ?? '',
  form: FORMS.find((form) => form === item['form']) ?? 'attribute',
  value: valueOf(item, 'value'),
  inner: Array.isArray(item['inner']) ? item['inner'].map(itemsOf) : []
})
