import { Operation } from '../../src/core/diff/patchOf'
import { isJsonList, isJsonRecord, Json } from '../../src/core/domain/Json'

const stepsOf = (pointer: string): ReadonlyArray<string> =>
  pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

const indexOf = (step: string, length: number): number => {
  if (!/^(?:0|[1-9]\d*)$/.test(step) || Number(step) > length) throw new Error(`no index: ${step} of ${String(length)}`)
  return Number(step)
}

/** The value at a JSON pointer (RFC 6901); throws where there is none. */
export const resolved = (document: Json, pointer: string): Json => {
  let here = document
  for (const step of stepsOf(pointer)) {
    const next: Json | undefined = isJsonList(here)
      ? here[indexOf(step, here.length - 1)]
      : isJsonRecord(here) && Object.hasOwn(here, step) ? here[step] : undefined
    if (next === undefined) throw new Error(`nothing at ${pointer}`)
    here = next
  }
  return here
}

const applied = (document: Json, steps: ReadonlyArray<string>, operation: Operation): Json => {
  const [step, ...rest] = steps
  if (step === undefined) {
    if (operation.op !== 'replace') throw new Error(`${operation.op} of the whole document`)
    return operation.value
  }
  if (isJsonList(document)) {
    const index = indexOf(step, rest.length === 0 && operation.op === 'add' ? document.length : document.length - 1)
    if (rest.length > 0) return document.with(index, applied(document[index]!, rest, operation))
    return operation.op === 'remove'
      ? document.toSpliced(index, 1)
      : document.toSpliced(index, operation.op === 'add' ? 0 : 1, operation.value)
  }
  if (!isJsonRecord(document)) throw new Error(`no container at ${operation.path}`)
  const entries = Object.entries(document)
  const has = Object.hasOwn(document, step)
  if (!has && (rest.length > 0 || operation.op !== 'add')) throw new Error(`nothing at ${operation.path}`)
  if (rest.length === 0 && operation.op === 'remove') return Object.fromEntries(entries.filter(([name]) => name !== step))
  const value = rest.length > 0 ? applied(document[step]!, rest, operation) : (operation as { readonly value: Json }).value
  return Object.fromEntries([...entries, [step, value]])
}

/** A document after the operations of a JSON patch (RFC 6902), as strict as the standard is. */
export const applyPatch = (document: Json, operations: ReadonlyArray<Operation>): Json =>
  operations.reduce<Json>((made, operation) => applied(made, stepsOf(operation.path), operation), document)
