import * as fs from 'node:fs'

/** The shim that holds a container of a containerd namespace. */
export const shimOf = (namespace: string, container: string): number => {
  const found = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).find((pid) => {
    const [command = '', ...args] = argsOf(pid)
    const given = (name: string): string | undefined => args[args.indexOf(name) + 1]
    return command.includes('containerd-shim') && given('-namespace') === namespace && given('-id') === container
  })
  if (found === undefined) throw new Error(`no shim holds ${container}`)
  return Number(found)
}

/** The containers of a containerd namespace that a shim holds. */
export const shimsOf = (namespace: string): ReadonlyArray<string> =>
  fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    const [command = '', ...args] = argsOf(pid)
    const given = (name: string): string => args[args.indexOf(name) + 1] ?? ''
    return command.includes('containerd-shim') && given('-namespace') === namespace ? [`shim of ${given('-id')}`] : []
  })

/** Kills it, as the kernel does for want of memory. */
export const killShim = (namespace: string, container: string): void => { process.kill(shimOf(namespace, container), 'SIGKILL') }

const argsOf = (pid: string): ReadonlyArray<string> => {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    // It has ended meanwhile.
    return []
  }
}
