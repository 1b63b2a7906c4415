import { spawn } from 'node:child_process'

import { Failure } from '../../core/domain/Failure'
import { codeOf, Thrown } from '../ports/Thrown'

/** A program of the host that makes what Node has no call for. */
export interface Program {
  readonly doing: string
  readonly program: 'ip6tables' | 'iptables' | 'mkfifo' | 'mount' | 'umount' | 'unshare'
  readonly args: ReadonlyArray<string>
  /** The Debian package that has it. */
  readonly from: 'coreutils' | 'iptables' | 'util-linux'
  /** Its descriptor 3. */
  readonly inherited?: number
}

const SILENCE_MS = 30_000

/** Runs it with a fixed environment, for half a minute at most. Throws `Thrown` with what it said. */
export const runProgram = ({ doing, program, args, from, inherited }: Program): Promise<void> =>
  new Promise((resolve, reject) => {
    const failed = (detail: string): void => { reject(new Thrown(Failure('Unknown', doing, `${program} ${detail}`))) }
    const child = spawn(program, args, {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      timeout: SILENCE_MS,
      stdio: ['ignore', 'ignore', 'pipe', ...(inherited === undefined ? [] : [inherited])]
    })
    const said: Array<string> = []
    child.on('error', (error) => {
      failed(`cannot be run (${error.message}); ${wayOut(error) ?? `install ${from}`}`)
    })
    // Without a descriptor left there is no pipe, whatever the types say.
    const stderr = child.stderr as NodeJS.ReadableStream | null | undefined
    stderr?.on('data', (chunk: Buffer) => { said.push(chunk.toString('utf8')) })
    child.on('close', (code, signal) => {
      if (code === 0) resolve()
      else failed(`${signal ?? `ended with ${String(code)}`}: ${said.join('').trim()}`)
    })
  })

const WAYS_OUT: Readonly<Record<string, string>> = {
  EMFILE: 'this process has no descriptor left: raise the limit of open files of Nomad\'s agent (LimitNOFILE)',
  ENFILE: 'this host has no descriptor left: raise fs.file-max'
}

/** What helps where a program cannot be run for want of descriptors. */
export const wayOut = (error: unknown): string | undefined => WAYS_OUT[codeOf(error)]
