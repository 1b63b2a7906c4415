import { isJsonList, isJsonRecord, Json } from '../../src/core/domain/Json'

/** An operation of RFC 6902, as read from text. */
interface Step {
  readonly op: string
  readonly path: string
  readonly value?: Json
}

/** Applies a JSON patch as RFC 6902 says: throws where an operation has no target. */
export const applyPatch = (document: Json, patch: ReadonlyArray<Step>): Json =>
  patch.reduce((state, step) => applied(state, step.path === '' ? [] : step.path.split('/').slice(1).map(unescaped), step), document)

const unescaped = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~')

const applied = (here: Json, [name, ...rest]: ReadonlyArray<string>, step: Step): Json => {
  if (name === undefined) {
    if (step.op === 'remove') throw new Error('the whole document cannot be removed')
    return step.value!
  }
  if (isJsonList(here)) return inList(here, name, rest, step)
  if (!isJsonRecord(here)) throw new Error(`${step.path}: neither object nor list`)
  if ((rest.length > 0 || step.op !== 'add') && !Object.hasOwn(here, name)) throw new Error(`${step.path}: nothing is there`)
  const others = Object.entries(here).filter(([key]) => key !== name)
  if (rest.length === 0 && step.op === 'remove') return Object.fromEntries(others)
  return Object.fromEntries([...others, [name, rest.length > 0 ? applied(here[name]!, rest, step) : step.value!]])
}

const inList = (list: ReadonlyArray<Json>, name: string, rest: ReadonlyArray<string>, step: Step): Json => {
  const index = Number(name)
  const isNew = rest.length === 0 && step.op === 'add'
  if (!/^(?:0|[1-9]\d*)$/.test(name) || index > list.length - (isNew ? 0 : 1)) throw new Error(`${step.path}: no such index`)
  if (isNew) return list.toSpliced(index, 0, step.value!)
  return rest.length === 0 && step.op === 'remove' ? list.toSpliced(index, 1) : list.with(index, rest.length > 0 ? applied(list[index]!, rest, step) : step.value!)
}
