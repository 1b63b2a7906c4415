import { compact, pretty as laidOut } from '../core/domain/canonical'

/**
 * JSON in one fixed form, keys in order and no white space: for a spec, the bytes that containerd stores. A bigint is
 * written as its digits.
 */
export const canonical = (value: unknown): string => compact(value)

/** The same document for people: two spaces of indentation and a final newline. */
export const pretty = (value: unknown): string => laidOut(value)
