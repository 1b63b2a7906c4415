import { ALLOC_DIR, NODE } from './labels'

/**
 * What things of a task carry beside their owner, by the names of labels: which agent had them made, and in which
 * directory its allocation is. Empty where Nomad did not say.
 */
export type Mark = Readonly<Record<string, string>>

/** The file in a container's directory that says whose it is: the container's record may be gone one day. */
export const OWNER_FILE = '.owner'

/** The directory in it that holds pins: what of the host a container mounts. */
export const PINS = 'mounts'

const NAMES: ReadonlyArray<string> = [NODE, ALLOC_DIR]

/** containerd refuses a label whose name and value have more bytes; three bytes are the most of a UTF-16 unit. */
const MOST_BYTES = 4096
const MOST_OF_UNIT = 3

const fits = (name: string, value: string): boolean => name.length + value.length * MOST_OF_UNIT <= MOST_BYTES

/** The mark of a task. A directory whose name no label holds is left out: what is cut is another one. */
export const markOf = (
  { nodeId, allocDir = '' }: { readonly nodeId: string; readonly allocDir?: string }
): Mark =>
  nodeId === '' || !fits(NODE, nodeId)
    ? {}
    : { [NODE]: nodeId, ...(allocDir !== '' && fits(ALLOC_DIR, allocDir) ? { [ALLOC_DIR]: allocDir } : {}) }

/** The mark among the labels of a thing. */
export const markIn = (labels: Readonly<Record<string, string>>): Mark =>
  Object.fromEntries(NAMES.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])))
