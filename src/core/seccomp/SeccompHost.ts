/** What a seccomp profile is compiled for. */
export interface SeccompHost {
  /** As Go names it: `amd64`, `arm64`, `ppc64le`. */
  readonly architecture: string
  /** As `uname -r` says it. */
  readonly kernel: string
  /** The final bounding set: `CAP_CHOWN`. */
  readonly capabilities: ReadonlyArray<string>
}

export type KernelVersion = readonly [version: number, revision: number]

/** The first two numbers of a kernel's release; what stands behind them does not count. */
export const kernelVersionOf = (release: string): KernelVersion | undefined => {
  const [, version, revision] = /^(\d+)\.(\d+)/.exec(release) ?? []
  return version === undefined || revision === undefined ? undefined : [Number(version), Number(revision)]
}

/** Whether the host's kernel is that version or later. No for a release that cannot be read, as containerd has it. */
export const isKernelAtLeast = (on: SeccompHost, [version, revision]: KernelVersion): boolean => {
  const host = kernelVersionOf(on.kernel)
  return host !== undefined && (host[0] > version || (host[0] === version && host[1] >= revision))
}
