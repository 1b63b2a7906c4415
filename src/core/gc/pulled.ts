import { NODE, PULLED, USED } from '../domain/labels'

type Labels = Readonly<Record<string, string>>

/** What is noted of a pull. The name is in it: whoever tags an image copies its labels. */
const pulledAs = (name: string, digest: string): string => `${name}@${digest}`

/** The labels of an image that was pulled or loaded now; `node` is the agent that had it done, `""` where none did. */
export const pulledLabels = (
  { name, digest, node, atMs }: Record<'name' | 'digest' | 'node', string> & { readonly atMs: number }
): Labels => ({
  [PULLED]: pulledAs(name, digest), [USED]: timeText(atMs), ...(node === '' ? {} : { [NODE]: node })
})

/** A time as labels have it. */
export const timeText = (atMs: number): string => new Date(atMs).toISOString()

const OURS = 'containerd-driver/'

/**
 * Whether a pull or load of this driver's made an image what it is. Whoever else pulls or tags a name leaves a record
 * with another digest, with another name, or without the label; a label of somebody else says that he has it too (CRI
 * notes so that it manages an image).
 */
export const isPulled = (name: string, digest: string, labels: Labels): boolean =>
  labels[PULLED] === pulledAs(name, digest) && Object.keys(labels).every((label) => label.startsWith(OURS))
