import { Undo } from './Undo'

/** What a container that is set aside keeps: its root, and the image that this is made from where the task brought it. */
const KEPT: ReadonlyArray<Undo['_tag']> = ['RemoveSnapshot', 'RemoveImage']

/**
 * The undos of a start, but that the container's record and its root file system stay, without anything else: no
 * process, no network, no file and no mount of the host.
 */
export const settingAside = (undos: ReadonlyArray<Undo>): ReadonlyArray<Undo> =>
  undos
    .filter(({ _tag }) => !KEPT.includes(_tag))
    .map((undo) => (undo._tag === 'DeleteContainer' ? { _tag: 'SetAside', container: undo.container } : undo))
