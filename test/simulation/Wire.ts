import { EventEmitter } from 'node:events'
import { Duplex } from 'node:stream'

import { handleBidiStreamingCall, handleServerStreamingCall, handleUnaryCall, Server, ServiceError } from '@grpc/grpc-js'
import * as E from 'fp-ts/Either'

import { Driver } from '../../src/driver/Driver'
import { BasePluginService } from '../../src/generated/nomad/base'
import { DriverService } from '../../src/generated/nomad/driver'
import { addBase } from '../../src/plugin/base'
import { addDriver } from '../../src/plugin/driver'

const METHODS = { ...BasePluginService, ...DriverService }

type Methods = typeof METHODS
type Named<Said extends boolean, Stream extends boolean> = {
  [M in keyof Methods]: Methods[M] extends { readonly requestStream: Said; readonly responseStream: Stream } ? M : never
}[keyof Methods]

/** The RPCs that answer once. */
export type Unary = Named<false, false>
/** The RPCs that answer until they are cancelled. */
export type Streaming = Named<false, true>
/** The RPCs in which both sides speak as long as they like. */
export type Speaking = Named<true, true>

type RequestOf<M extends keyof Methods> = Parameters<Methods[M]['requestSerialize']>[0]
type AnswerOf<M extends keyof Methods> = ReturnType<Methods[M]['responseDeserialize']>

/** What an RPC answers: a message, or gRPC's code and text. */
export type Answer<A> = E.Either<Pick<ServiceError, 'code' | 'details'>, A>

/** An RPC that is under way. */
export interface Call<A> {
  readonly over: Promise<Answer<A>>
  readonly cancel: () => void
}

/** A driver by its RPCs. Every message is encoded and decoded as on its way through a socket; there is no socket. */
export interface Wire {
  readonly ask: <M extends Unary>(method: M, request: RequestOf<M>) => Call<AnswerOf<M>>
  /** Says one thing, and hears whatever is answered; the caller goes on speaking only by going. */
  readonly converse: <M extends Speaking>(method: M, request: Partial<RequestOf<M>>, hear: (message: AnswerOf<M>) => void) => Call<void>
  readonly listen: <M extends Streaming>(method: M, request: RequestOf<M>, hear: (message: AnswerOf<M>) => void) => Call<void>
}

interface Codec {
  readonly requestSerialize: (value: unknown) => Buffer
  readonly requestDeserialize: (bytes: Buffer) => unknown
  readonly responseSerialize: (value: unknown) => Buffer
  readonly responseDeserialize: (bytes: Buffer) => unknown
}

export const Wire = (driver: Driver): Wire => {
  const handlers = new Map<string, unknown>()
  // grpc-js hands a handler its call and nothing else of the server.
  const server = {
    addService: (_definition: unknown, service: object) => { for (const [name, handle] of Object.entries(service)) handlers.set(name, handle) }
  } as unknown as Server
  addBase(server, driver)
  addDriver(server, driver)
  const codec = (method: string): Codec => (METHODS as unknown as Readonly<Record<string, Codec>>)[method] as Codec
  return {
    ask: (method, request) => unary(codec(method), handlers.get(method) as handleUnaryCall<unknown, unknown>, request) as Call<never>,
    converse: (method, request, hear) =>
      speaking(codec(method), handlers.get(method) as handleBidiStreamingCall<unknown, unknown>, request, hear as (message: unknown) => void),
    listen: (method, request, hear) =>
      streaming(codec(method), handlers.get(method) as handleServerStreamingCall<unknown, unknown>, request, hear as (message: unknown) => void)
  }
}

const received = ({ requestSerialize, requestDeserialize }: Codec, request: unknown): unknown => requestDeserialize(requestSerialize(request))
const answered = ({ responseSerialize, responseDeserialize }: Codec, value: unknown): unknown => responseDeserialize(responseSerialize(value))

const unary = (codec: Codec, handle: handleUnaryCall<unknown, unknown>, request: unknown): Call<unknown> => {
  const call = Object.assign(new EventEmitter(), { request: received(codec, request) })
  const over = new Promise<Answer<unknown>>((resolve) => {
    handle(call as never, (error, value) => {
      resolve(error === null ? E.right(answered(codec, value)) : E.left(error as ServiceError))
    })
  })
  return { over, cancel: () => { call.emit('cancelled') } }
}

const streaming = (
  codec: Codec, handle: handleServerStreamingCall<unknown, unknown>, request: unknown, hear: (message: unknown) => void
): Call<void> => {
  const call = Object.assign(new EventEmitter(), {
    request: received(codec, request),
    write: (value: unknown) => { hear(answered(codec, value)) },
    end: () => { call.emit('ended') }
  })
  const over = new Promise<Answer<void>>((resolve) => {
    call.on('ended', () => { resolve(E.right(undefined)) })
    call.on('error', (error: ServiceError) => { resolve(E.left(error)) })
    handle(call as never)
  })
  return { over, cancel: () => { call.emit('cancelled') } }
}

const speaking = (
  codec: Codec, handle: handleBidiStreamingCall<unknown, unknown>, request: unknown, hear: (message: unknown) => void
): Call<void> => {
  const call = new Duplex({
    objectMode: true,
    autoDestroy: false,
    read: () => undefined,
    write: (value, _encoding, done) => { hear(answered(codec, value)); done() }
  })
  const over = new Promise<Answer<void>>((resolve) => {
    call.on('finish', () => { resolve(E.right(undefined)) })
    call.on('error', (error: ServiceError) => { resolve(E.left(error)) })
    handle(call as never)
  })
  call.push(received(codec, request))
  return { over, cancel: () => { call.emit('cancelled') } }
}
