import { compact, pretty as laidOut } from '../core/domain/canonical'
import { orNull } from './plain'

/**
 * JSON in one fixed form, keys in order and no white space: for a spec, the bytes that containerd stores. A bigint is
 * written as its digits. What leads back into itself is null.
 */
export const canonical = (value?: unknown): string => compact(orNull(value))

/** The same document for people: two spaces of indentation and a final newline. */
export const pretty = (value?: unknown): string => laidOut(orNull(value))
