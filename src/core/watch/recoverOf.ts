import { Exit } from './exitOf'

/** What containerd knows of a container when the plugin looks for it again. */
export type Observed =
  | { readonly _tag: 'Running'; readonly owner: string }
  | { readonly _tag: 'Ended'; readonly owner: string; readonly exit: Exit }
  | { readonly _tag: 'Unknown'; readonly owner: string; readonly label: Exit | undefined }
  | { readonly _tag: 'Absent' }

export type Recovery =
  | { readonly _tag: 'Adopt' }
  | { readonly _tag: 'Exited'; readonly exit: Exit }
  | { readonly _tag: 'Gone'; readonly because: string }

/**
 * What to do with a task that was running when the plugin last looked. A container of another owner is not ours to
 * adopt.
 * containerd 1.7 and later forget a task that exited while they were down: the exit that we noted on the container is
 * the
 * only memory then.
 */
export const recoverOf = (owner: string, observed: Observed): Recovery => {
  if (observed._tag === 'Absent') return { _tag: 'Gone', because: 'its container does not exist any more' }
  if (observed.owner !== owner) return { _tag: 'Gone', because: 'a container of another task has its id' }
  switch (observed._tag) {
    case 'Running':
      return { _tag: 'Adopt' }
    case 'Ended':
      return { _tag: 'Exited', exit: observed.exit }
    case 'Unknown':
      return observed.label === undefined
        ? { _tag: 'Gone', because: 'it exited while nobody watched and containerd has forgotten how' }
        : { _tag: 'Exited', exit: observed.label }
  }
}
