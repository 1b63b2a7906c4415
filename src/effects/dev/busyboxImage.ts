import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

import { pack } from 'tar-stream'

import { ARCHITECTURE } from '../host/architecture'
import { Made } from '../image/importImage'

/** Where a static busybox may be; Debian's busybox-static is the first. */
const PLACES = ['/bin/busybox', '/usr/bin/busybox', '/usr/local/bin/busybox']

/** The path of this machine's busybox; undefined when it has none. */
export const busyboxPath = (): string | undefined => PLACES.find((place) => existsSync(place))

const DIRECTORIES = [
  ['bin', 0o755],
  ['etc', 0o755],
  ['proc', 0o555],
  ['root', 0o700],
  ['sys', 0o555],
  ['tmp', 0o1777],
  ['var', 0o755]
] as const

const FILES = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  'etc/group': 'root:x:0:\nnogroup:x:65534:\n'
}

/** An image made on the spot from the machine's static busybox, with a link for each of its programs. */
export const busyboxImage = async (name: string, busybox: string): Promise<Made> => {
  const mtime = new Date(0)
  const tar = pack()
  const applets = execFileSync(busybox, ['--list'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '' && line !== 'busybox')
  for (const [directory, mode] of DIRECTORIES) tar.entry({ name: directory, type: 'directory', mode, mtime })
  for (const [file, text] of Object.entries(FILES)) tar.entry({ name: file, mode: 0o644, mtime }, text)
  tar.entry({ name: 'bin/busybox', mode: 0o755, mtime }, readFileSync(busybox))
  for (const applet of applets) tar.entry({ name: `bin/${applet}`, type: 'symlink', linkname: 'busybox', mtime })
  tar.finalize()
  const chunks: Array<Buffer> = []
  for await (const chunk of tar as unknown as AsyncIterable<Buffer>) chunks.push(chunk)
  return {
    name,
    layer: Buffer.concat(chunks),
    architecture: ARCHITECTURE,
    config: { Env: ['PATH=/bin'], Cmd: ['sh'], WorkingDir: '/' }
  }
}
