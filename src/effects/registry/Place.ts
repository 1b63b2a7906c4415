import { Home } from './Home'
import { Headers } from './request'

/** A place that is asked for the images of a registry: the registry itself, or a mirror of it. */
export interface Place {
  /** Where its API begins, with a slash at the end. */
  readonly base: URL
  readonly home: Home
  /** As messages name it. */
  readonly name: string
  /** Whether it is the registry itself: only there the login of an image counts. */
  readonly isRegistry: boolean
  /** Whether it may say what a tag stands for, and whether it may give what has a digest. */
  readonly mayResolve: boolean
  readonly mayPull: boolean
  /** What the operator wants it to be told with every request. */
  readonly header: Headers
}
