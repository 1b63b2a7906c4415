import { Plan, step } from './Plan'

/** An image by a name, and what that stands for now. */
interface Named {
  readonly image: string
  readonly digest: string
}

/** Removes an image that an agent had pulled. What is used by then, or is another's, is left. */
export const planCollection = (node: string, { image, digest }: Named, why: string): Plan =>
  Plan('stop', node, [step({ _tag: 'CollectImage', image, digest, node }, why)])

/** Notes when images were in use. */
export const planNotes = (node: string, uses: ReadonlyArray<Named & { readonly atMs: number }>): Plan =>
  Plan('stop', node, uses.map((use) => step({ _tag: 'NoteUse', ...use }, 'it is known after a restart too')))
