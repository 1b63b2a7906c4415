import { Descriptor } from '../../core/image/Descriptor'
import { Accounts, accountsOf, Read, readAccounts } from '../rootfs/imageRoot'
import { Entry } from '../rootfs/walk'
import { verified } from './blobBytes'
import { layerFiles, Said } from './layerFiles'
import { Registry } from './Registry'

// Each link on the way, and each other name of a file, may cost another reading of the layers.
const MAX_ROUNDS = 8

/** What is known of paths of the image, by their names without the slash at the start. */
type Known = Map<string, Said>

/**
 * The texts of /etc/passwd and /etc/group from the layers of an image, topmost first, with its links followed as in an
 * unpacked image. No layer below the one that decides is asked for; each one that is, is read to its end and its digest
 * verified.
 */
export const imageAccounts = async (registry: Registry, layers: ReadonlyArray<Descriptor>): Promise<Accounts> => {
  const known: Known = new Map()
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const asked = new Set<string>()
    const found = accountsOf(await read(known, asked, 'passwd'), await read(known, asked, 'group'))
    if (asked.size === 0) return found
    await decide(registry, layers, asked, known)
  }
  return accountsOf({ kind: 'too many links' }, { kind: 'too many links' })
}

/**
 * A file of accounts as far as paths are known. Those that are not are asked for, and taken for directories meanwhile.
 */
const read = (known: Known, asked: Set<string>, name: string): Promise<Read> => {
  const look = (path: string): Promise<Entry> => {
    const said = known.get(path.slice(1))
    if (said === undefined) asked.add(path.slice(1))
    return Promise.resolve(said === undefined ? { kind: 'directory' } : entryOf(said))
  }
  return readAccounts(look, name, (path) => {
    const said = known.get(path.slice(1))
    return Promise.resolve(textOf(said))
  })
}

const textOf = (said: Said | undefined): Read => {
  if (said?._tag === 'Text') return said.text
  return said?._tag === 'Unread' ? said.why : ''
}

const entryOf = (said: Said): Entry => {
  switch (said._tag) {
    case 'Text':
      return { kind: 'file' }
    case 'Unread':
      return { kind: said.why.kind === 'too large' ? 'file' : 'other' }
    case 'Directory':
      return { kind: 'directory' }
    case 'Link':
      return { kind: 'link', to: said.to }
    case 'Same':
    case 'Gone':
      return { kind: 'absent' }
  }
}

/** Learns of every path that is asked for, from the topmost layer that says something of it. */
const decide = async (
  registry: Registry,
  layers: ReadonlyArray<Descriptor>,
  asked: ReadonlySet<string>,
  known: Known
): Promise<void> => {
  // By the path, the one under which it is looked for: hard links have other names.
  const sought = new Map([...asked].map((path) => [path, path]))
  for (const layer of [...layers].reverse()) {
    for (let pass = 0; pass < MAX_ROUNDS && sought.size > 0; pass += 1) {
      const renamed = await readLayer(registry, layer, sought, known)
      if (!renamed) break
    }
    if (sought.size === 0) break
  }
  for (const path of sought.keys()) known.set(path, { _tag: 'Gone' })
}

/**
 * Moves what one layer decides from `sought` to `known`; says whether it gave another name to something, so that it has
 * to be read again.
 */
const readLayer = async (
  registry: Registry,
  layer: Descriptor,
  sought: Map<string, string>,
  known: Known
): Promise<boolean> => {
  const all = await readWhole(registry, layer, [...new Set(sought.values())])
  let renamed = false
  for (const [path, name] of [...sought]) {
    const said = all.get(name)
    if (said === undefined) continue
    if (said._tag === 'Same') {
      sought.set(path, said.as)
      renamed = true
    } else {
      sought.delete(path)
      known.set(path, said)
    }
  }
  return renamed
}

// Where a compressed stream has ended nobody reads on, and the digest would not be known.
const readWhole = async (
  registry: Registry,
  layer: Descriptor,
  paths: ReadonlyArray<string>
): Promise<ReadonlyMap<string, Said>> => {
  const state = { verified: false }
  const bytes = async function* (from: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    yield* verified(from, layer)
    state.verified = true
  }
  const said = await layerFiles(bytes(await registry.blob(layer)), paths)
  if (!state.verified) throw new Error(`layer ${layer.digest} goes on after its end`)
  return said
}
