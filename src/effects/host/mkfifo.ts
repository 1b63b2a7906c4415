import { spawn } from 'node:child_process'

import { Failure } from '../../core/domain/Failure'
import { codeOf, Thrown } from '../ports/Thrown'

const SILENCE_MS = 30_000

/** Makes named pipes that only this user can open. Node has no call for it. Throws `Thrown`. */
export const mkfifo = (doing: string, paths: ReadonlyArray<string>): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn('mkfifo', ['-m', '600', '--', ...paths], {
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, timeout: SILENCE_MS, stdio: ['ignore', 'ignore', 'pipe']
    })
    const said: Array<string> = []
    child.on('error', (error) => { reject(new Thrown(Failure('Unknown', doing, whyNot(error)))) })
    // Without a descriptor left there is no pipe, whatever the types say.
    const stderr = child.stderr as NodeJS.ReadableStream | undefined
    stderr?.on('data', (chunk: Buffer) => { said.push(chunk.toString('utf8')) })
    child.on('close', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Thrown(Failure('Unknown', doing, `mkfifo ${signal ?? ended(code)}: ${said.join('').trim()}`)))
    })
  })

const WAYS_OUT: Readonly<Record<string, string>> = {
  ENOENT: '; install coreutils',
  EMFILE: '; this process has no descriptor left: raise the limit of open files of Nomad\'s agent (LimitNOFILE)',
  ENFILE: '; this host has no descriptor left: raise fs.file-max'
}

const whyNot = (error: Error): string => `mkfifo cannot be run (${error.message})${WAYS_OUT[codeOf(error)] ?? ''}`

const ended = (code: number | null): string => `ended with ${String(code)}`
