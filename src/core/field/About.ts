/**
 * What people read about an option. `sets` names the parts of the outcome that it decides, as `spec.process.cwd` or
 * `container.image`.
 */
export interface About {
  readonly text: string
  readonly sets: ReadonlyArray<string>
  /** From which runtime, kernel or containerd on it works, when not everywhere. */
  readonly since?: string
  /** The plugin options that govern it. */
  readonly policy?: ReadonlyArray<string>
  readonly example?: string
}

/** The parts of an About that not every option has. */
export type More = Omit<About, 'text' | 'sets'>

export const says = (text: string, sets: ReadonlyArray<string>, more: More = {}): About => ({ text, sets, ...more })

/** A bare sentence: of an option inside a block, whose block says the rest. */
export const toAbout = (about: string | About): About => (typeof about === 'string' ? says(about, []) : about)
