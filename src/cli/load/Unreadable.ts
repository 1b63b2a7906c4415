import { Fault } from '../../core/domain/Fault'
import { inFile } from './inFile'

/** An input that cannot be used: what is told of it on a terminal, and each mistake by its place. */
export interface Unreadable {
  readonly text: string
  readonly faults: ReadonlyArray<Fault>
}

/** What is told in lines that need no place in the file, each with the file's name. */
export const unreadable = (file: string, text: string): Unreadable => {
  const told = inFile(file, text)
  return { text: told, faults: told.split('\n').filter((line) => line !== '').map((message) => ({ file, message })) }
}

/** What is told in whole lines, which have the name of their file: among findings the first of them stands for all. */
export const ofLines = (text: string): Unreadable => {
  const [message = '', ...more] = text.split('\n')
  return { text: more.length === 0 ? `${text}\n` : text, faults: [{ message }] }
}
