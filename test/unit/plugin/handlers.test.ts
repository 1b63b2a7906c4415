import { EventEmitter } from 'node:events'

import { ServerWritableStream } from '@grpc/grpc-js'

import { Handlers } from '../../../src/plugin/handlers'

/** A call whose other side reads when it is told to. */
const callOf = (): { readonly call: ServerWritableStream<object, number>; readonly written: ReadonlyArray<number>; readonly slow: (isSlow: boolean) => void } => {
  const written: Array<number> = []
  const call = Object.assign(new EventEmitter(), { request: {}, writableNeedDrain: false, write: (value: number) => { written.push(value) }, end: () => undefined })
  return { call: call as unknown as ServerWritableStream<object, number>, written, slow: (isSlow) => { call.writableNeedDrain = isSlow } }
}

const { streaming, sampling } = Handlers(() => undefined)

it.each([['samples are dropped', sampling, [1, 3]], ['what is no sample waits', streaming, [1, 2, 3]]] as const)(
  'while the other side does not read %s', async (_what, make, expected) => {
    const { call, written, slow } = callOf()
    await new Promise<void>((resolve) => {
      make<object, number>((_request, send) => {
        send(1)
        slow(true)
        send(2)
        slow(false)
        send(3)
        resolve()
        return Promise.resolve()
      })(call)
    })
    expect(written).toEqual(expected)
  }
)
