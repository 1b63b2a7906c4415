import { readFileSync } from 'node:fs'

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** The addresses of the network that a process is in, IPv4 first, without those that only it or its link can reach. */
export const addressesOf = (pid: number): ReadonlyArray<string> => {
  const directory = `/proc/${String(pid)}/net`
  return [...v4(read(`${directory}/fib_trie`)), ...v6(read(`${directory}/if_inet6`))]
}

/** In the table of routes an own address is a leaf with a route `/32 host LOCAL` below it. */
const v4 = (table: string): ReadonlyArray<string> => {
  const own = [...table.matchAll(/\|-- (\d+\.\d+\.\d+\.\d+)\n\s+\/32 host LOCAL/g)].map(([, address = '']) => address)
  return [...new Set(own)].filter((address) => !/^(?:127|169\.254)\./.test(address))
}

const GLOBAL = '00'

/** Columns are: address, device, prefix, scope, flags, name. */
const v6 = (table: string): ReadonlyArray<string> =>
  table.split('\n').flatMap((line) => {
    const [address = '', , , scope] = line.trim().split(/\s+/)
    return scope === GLOBAL ? [shortened(address.replace(/(.{4})(?=.)/g, '$1:'))] : []
  })

/** As the kernel writes it: without leading zeros, the longest run of zeros as `::`. */
const shortened = (address: string): string => new URL(`http://[${address}]/`).hostname.slice(1, -1)
