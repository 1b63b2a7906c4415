import { Once } from '../../../src/driver/Once'

/** Bytes from one side to the other, kept until they are read. */
export interface Pipe {
  readonly push: (text: string) => void
  readonly end: () => void
  readonly bytes: () => AsyncIterable<Uint8Array>
}

export const Pipe = (): Pipe => {
  const chunks: Array<Uint8Array> = []
  let isOver = false
  let more = Once<true>()
  const wake = (): void => { more.settle(true); more = Once<true>() }
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = chunks.shift()
      if (next !== undefined) yield next
      else if (isOver) return
      else await more.wait()
    }
  }
  return {
    push: (text) => { chunks.push(Buffer.from(text)); wake() },
    end: () => { isOver = true; wake() },
    bytes
  }
}
