import { Header } from 'tar-stream'

import { MAX_ACCOUNTS, Unread } from '../../core/domain/Unread'
import { readTar } from './readTar'

/**
 * What a layer says of a path: a file's text or why it has none, a directory, a link, that it is another name of a path
 * of the image, or that nothing is there (any more).
 */
export type Said =
  | { readonly _tag: 'Text'; readonly text: string }
  | { readonly _tag: 'Unread'; readonly why: Unread }
  | { readonly _tag: 'Directory' }
  | { readonly _tag: 'Link'; readonly to: string }
  | { readonly _tag: 'Same'; readonly as: string }
  | { readonly _tag: 'Gone' }

/**
 * Reads a layer (tar; plain, gzip, and zstd where Node knows it) to its end and says what it makes of the wanted paths
 * (`etc`, `etc/passwd`); nothing of one that it does not touch. A whiteout hides what lower layers have. What lies
 * below a wanted path makes a directory of it. No link is followed, and a file above 8 MiB has no text. Throws when the
 * bytes are no layer.
 */
export const layerFiles = async (
  bytes: AsyncIterable<Uint8Array>,
  wanted: ReadonlyArray<string>
): Promise<ReadonlyMap<string, Said>> => {
  const view = LayerView(wanted)
  const { bytes: came, walk } = await readTar(bytes, async (entry) => {
    const chunks: Array<Buffer> = []
    const keep = view.wants(entry.header)
    for await (const chunk of entry) if (keep) chunks.push(chunk)
    view.note(entry.header, Buffer.concat(chunks).toString('utf8'))
  })
  // The walk fails too when the bytes do, with a lesser reason.
  for (const one of [came, walk]) if (one.status === 'rejected') throw one.reason
  return view.said()
}

const WHITEOUT = '.wh.'
const OPAQUE = '.wh..wh..opq'

interface LayerView {
  readonly wants: (header: Header) => boolean
  readonly note: (header: Header, text: string) => void
  readonly said: () => ReadonlyMap<string, Said>
}

/** What one layer makes of the wanted paths, entry by entry; the last entry of a path counts. */
const LayerView = (wanted: ReadonlyArray<string>): LayerView => {
  const here = new Map<string, Said>()
  const hidden = new Set<string>()
  const below = (dir: string): ReadonlyArray<string> =>
    wanted.filter((path) => dir === '' || path.startsWith(`${dir}/`))
  const hide = (path: string): void => {
    for (const one of wanted) if (one === path || one.startsWith(`${path}/`)) hidden.add(one)
  }
  const isFile = ({ type }: Header): boolean => type === 'file' || type === 'contiguous-file'
  return {
    wants: (header) => isFile(header) && header.size <= MAX_ACCOUNTS && wanted.includes(plain(header.name)),
    note: (header, text) => {
      const path = plain(header.name)
      const slash = path.lastIndexOf('/')
      const [dir, base] = [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)]
      if (base === OPAQUE) for (const one of below(dir)) hidden.add(one)
      else if (base.startsWith(WHITEOUT)) hide(`${dir}${dir === '' ? '' : '/'}${base.slice(WHITEOUT.length)}`)
      else {
        // A link or a file in the place of a directory hides all that is below it in this layer and in those under it.
        if (header.type !== 'directory' && path !== '') for (const one of below(path)) here.set(one, { _tag: 'Gone' })
        if (wanted.includes(path)) here.set(path, said(header, isFile(header), text))
      }
      for (const one of wanted) if (path.startsWith(`${one}/`) && !here.has(one)) here.set(one, { _tag: 'Directory' })
    },
    said: () => new Map([...wanted.filter((path) => hidden.has(path)).map((path) => [path, GONE] as const), ...here])
  }
}

const GONE: Said = { _tag: 'Gone' }

const said = ({ type, linkname, size }: Header, isFile: boolean, text: string): Said => {
  const to = typeof linkname === 'string' ? linkname : ''
  if (isFile)
    return size > MAX_ACCOUNTS ? { _tag: 'Unread', why: { kind: 'too large', bytes: size } } : { _tag: 'Text', text }
  if (type === 'directory') return { _tag: 'Directory' }
  if (type === 'symlink') return { _tag: 'Link', to }
  return type === 'link' ? { _tag: 'Same', as: plain(to) } : { _tag: 'Unread', why: { kind: 'no file' } }
}

/** `./etc//passwd` as `etc/passwd`; one that leads upwards is no path of the image. */
const plain = (name: string): string => {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  return parts.includes('..') ? '' : parts.join('/')
}
