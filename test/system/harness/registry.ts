import { execFileSync, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'

import * as Process from './process'

/** A registry on loopback, without TLS and without login. */
export interface Registry {
  readonly host: string
  readonly directory: string
  readonly stop: () => Promise<void>
}

/** Starts an empty registry on a free port of 127.0.0.1. */
export const startRegistry = async (): Promise<Registry> => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'registry-test-'))
  const port = await freePort()
  const config = path.join(directory, 'config.yml')
  fs.writeFileSync(config, configOf(directory, port))
  const daemon = await Process.start('docker-registry', ['serve', config], path.join(directory, 'log'), () => answers(port))
  return {
    host: `127.0.0.1:${String(port)}`,
    directory,
    stop: async () => {
      await daemon.stop()
      fs.rmSync(directory, { recursive: true, force: true })
    }
  }
}

/** What a registry has, served once more: on loopback of another network namespace, which `enter` leads into. */
export const serveWithin = async (
  { directory }: Registry, enter: ReadonlyArray<string>, port: number
): Promise<{ readonly stop: () => Promise<void> }> => {
  const config = path.join(directory, `within-${String(port)}.yml`)
  fs.writeFileSync(config, configOf(directory, port))
  const [program = '', ...more] = enter
  const look = ['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${String(port)}`]
  return Process.start(program, [...more, 'docker-registry', 'serve', config], `${config}.log`, () =>
    Promise.resolve(spawnSync(program, [...more, ...look], { stdio: 'ignore' }).status === 0))
}

const configOf = (directory: string, port: number): string => `version: 0.1
storage:
  filesystem:
    rootdirectory: ${directory}/store
  delete:
    enabled: true
http:
  addr: 127.0.0.1:${String(port)}
`

/** Makes an image of one layer (static busybox, accounts) and pushes it as `<host>/<name>`, where name is `repository:tag`. */
export const pushBusybox = ({ host, directory }: Registry, name: string, cmd: ReadonlyArray<string> = ['sh']): void => {
  const work = fs.mkdtempSync(path.join(directory, 'image-'))
  const run = (command: string, ...args: ReadonlyArray<string>): void => {
    execFileSync(command, [...args], { cwd: work, stdio: 'pipe' })
  }
  run('umoci', 'init', '--layout', 'oci')
  run('umoci', 'new', '--image', 'oci:latest')
  run('umoci', 'unpack', '--image', 'oci:latest', 'bundle')
  fillRoot(path.join(work, 'bundle', 'rootfs'), name)
  run('umoci', 'repack', '--image', 'oci:latest', 'bundle')
  run('umoci', 'config', '--image', 'oci:latest', ...cmd.flatMap((one) => ['--config.cmd', one]), '--config.env', 'PATH=/bin')
  run('skopeo', 'copy', '--dest-tls-verify=false', 'oci:oci:latest', `docker://${host}/${name}`)
}

const fillRoot = (root: string, name: string): void => {
  for (const directory of ['bin', 'etc', 'tmp']) fs.mkdirSync(path.join(root, directory), { recursive: true })
  fs.copyFileSync(execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim(), path.join(root, 'bin/busybox'))
  fs.chmodSync(path.join(root, 'bin/busybox'), 0o755)
  fs.symlinkSync('busybox', path.join(root, 'bin/sh'))
  fs.writeFileSync(path.join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n')
  // Without it, two images made in the same second would be the same blobs.
  fs.writeFileSync(path.join(root, 'etc/image'), name)
  fs.writeFileSync(path.join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n')
}

const freePort = (): Promise<number> =>
  new Promise((settle, refuse) => {
    const server = net.createServer()
    server.once('error', refuse)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => { settle(typeof address === 'object' && address !== null ? address.port : 0) })
    })
  })

const answers = async (port: number): Promise<boolean> => {
  try {
    return (await fetch(`http://127.0.0.1:${String(port)}/v2/`)).ok
  } catch {
    return false
  }
}
