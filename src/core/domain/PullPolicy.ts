/** When an image is fetched: at every start, when it is not here and unpacked, or never: then it is unpacked at most. */
export type PullPolicy = 'always' | 'missing' | 'never'
