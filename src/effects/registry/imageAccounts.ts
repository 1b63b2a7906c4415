import { Descriptor } from '../containerd/content'
import { Accounts } from '../image/accounts'
import { layerFiles, Said } from './layerFiles'
import { Registry } from './Registry'
import { verified } from './verified'

const MAX_NAMES = 8

/**
 * The texts of /etc/passwd and /etc/group from the layers of an image, topmost first, as the accounts of an unpacked image are:
 * a link is never followed. No layer below the one that decides is asked for; each one that is, is read to its end and its digest verified.
 */
export const imageAccounts = async (registry: Registry, layers: ReadonlyArray<Descriptor>): Promise<Accounts> => {
  const texts = new Map<string, string>()
  // By the path of a file, the path under which it is looked for: hard links have other names.
  const sought = new Map([['etc/passwd', 'etc/passwd'], ['etc/group', 'etc/group']])
  for (const layer of [...layers].reverse()) {
    for (let pass = 0; pass < MAX_NAMES && sought.size > 0; pass += 1) {
      const renamed = await readLayer(registry, layer, sought, texts)
      if (!renamed) break
    }
    if (sought.size === 0) break
  }
  return { passwd: texts.get('etc/passwd') ?? '', group: texts.get('etc/group') ?? '' }
}

/** Moves what one layer decides from `sought` to `texts`; says whether it gave another name to something, so that it has to be read again. */
const readLayer = async (registry: Registry, layer: Descriptor, sought: Map<string, string>, texts: Map<string, string>): Promise<boolean> => {
  const said = await readWhole(registry, layer, [...new Set(sought.values())])
  let renamed = false
  for (const [file, path] of [...sought]) {
    const one = said.get(path)
    if (one === undefined) continue
    if (one._tag === 'Same') {
      sought.set(file, one.as)
      renamed = true
    } else {
      sought.delete(file)
      texts.set(file, one._tag === 'Text' ? one.text : '')
    }
  }
  return renamed
}

// Where a compressed stream has ended nobody reads on, and the digest would not be known.
const readWhole = async (registry: Registry, layer: Descriptor, paths: ReadonlyArray<string>): Promise<ReadonlyMap<string, Said>> => {
  const state = { verified: false }
  const bytes = async function* (from: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    yield* verified(from, layer)
    state.verified = true
  }
  const said = await layerFiles(bytes(await registry.blob(layer)), paths)
  if (!state.verified) throw new Error(`layer ${layer.digest} goes on after its end`)
  return said
}
