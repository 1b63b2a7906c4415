import { compact } from '../domain/canonical'
import { about } from '../facts/Facts'
import { Lock } from './Lock'

/**
 * How an entry of a lock differs from what it was, or from what the registry and the jobs say now. Each `key` is one of
 * `keyOf`.
 */
export type Change =
  | { readonly _tag: 'Added'; readonly key: string; readonly digest: string }
  | { readonly _tag: 'Moved'; readonly key: string; readonly from: string; readonly to: string }
  /** The same digest, and something else of the entry is new: its accounts, or the platform. */
  | { readonly _tag: 'Completed'; readonly key: string }
  | { readonly _tag: 'Removed'; readonly key: string }

/** What became of each entry between two locks, by key. */
export const changesOf = (before: Lock, after: Lock): ReadonlyArray<Change> =>
  [...new Set([...Object.keys(before.images), ...Object.keys(after.images)])]
    .sort()
    .flatMap((key): ReadonlyArray<Change> => {
      const [old, now] = [about(before.images, key), about(after.images, key)]
      if (now === undefined) return [{ _tag: 'Removed', key }]
      if (old === undefined) return [{ _tag: 'Added', key, digest: now.digest }]
      if (old.digest !== now.digest) return [{ _tag: 'Moved', key, from: old.digest, to: now.digest }]
      return compact(old) === compact(now) ? [] : [{ _tag: 'Completed', key }]
    })

/** A change as a line: `~ name from → to`. */
export const line = (change: Change): string => {
  switch (change._tag) {
    case 'Added':
      return `+ ${change.key} ${change.digest}`
    case 'Moved':
      return `~ ${change.key} ${change.from} → ${change.to}`
    case 'Completed':
      return `~ ${change.key} completed at the same digest`
    case 'Removed':
      return `- ${change.key} is used by none of the jobs`
  }
}

/** What a check found. */
export type Finding =
  | { readonly _tag: 'HasMoved'; readonly key: string; readonly from: string; readonly to: string }
  | { readonly _tag: 'IsMissing'; readonly key: string; readonly digest: string }
  | { readonly _tag: 'IsUnused'; readonly key: string }

/** What a lock says against what the names of the jobs stand for now, by key. */
export const findingsOf = (lock: Lock, now: Readonly<Record<string, string>>): ReadonlyArray<Finding> =>
  [...new Set([...Object.keys(lock.images), ...Object.keys(now)])].sort().flatMap((key): ReadonlyArray<Finding> => {
    const from = about(lock.images, key)?.digest
    const to = about(now, key)
    if (to === undefined) return [{ _tag: 'IsUnused', key }]
    if (from === undefined) return [{ _tag: 'IsMissing', key, digest: to }]
    return from === to ? [] : [{ _tag: 'HasMoved', key, from, to }]
  })

/** A finding as a line, with the way out. */
export const told = (finding: Finding): string => {
  switch (finding._tag) {
    case 'HasMoved':
      return `moved: ${finding.key} ${finding.from} → ${finding.to}`
    case 'IsMissing':
      return `missing: ${finding.key} (now ${finding.digest})`
    case 'IsUnused':
      return `unused: ${finding.key}`
  }
}
