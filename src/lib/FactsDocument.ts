import { UnreadAccounts } from '../core/domain/Unread'
import { DeviceFacts, HostFacts, PathFacts, PlaceFacts } from '../core/facts/Facts'

/**
 * An image of a facts file. `config` is an OCI image config, as `skopeo inspect --config` prints it; `passwd` and
 * `group` are texts of its files, `places` what its links make of paths in the container.
 */
export interface ImageDocument {
  readonly digest: string
  readonly chainId: string
  readonly config?: unknown
  readonly passwd?: string
  readonly group?: string
  readonly unread?: UnreadAccounts
  readonly places?: Readonly<Record<string, PlaceFacts>>
}

/** A file of the host: its text, or that it is absent. */
export type FileDocument =
  | { readonly kind: 'file'; readonly text: string; readonly realPath?: string }
  | { readonly kind: 'absent'; readonly reason?: string }

/**
 * What a host and images would answer, as a facts file has it. The sample (docs/sample.md) answers what is left out.
 * Images are named as a job names them.
 */
export interface FactsDocument {
  readonly host?: Partial<HostFacts>
  readonly images?: Readonly<Record<string, ImageDocument>>
  readonly paths?: Readonly<Record<string, PathFacts>>
  readonly devices?: Readonly<Record<string, DeviceFacts>>
  readonly files?: Readonly<Record<string, FileDocument>>
  /** CDI documents by their paths on the host. */
  readonly cdi?: Readonly<Record<string, unknown>>
}
