import { runProgram } from './runProgram'

/** Makes named pipes that only this user can open. Throws `Thrown`. */
export const mkfifo = (doing: string, paths: ReadonlyArray<string>): Promise<void> =>
  runProgram({ doing, program: 'mkfifo', args: ['-m', '600', '--', ...paths], from: 'coreutils' })
