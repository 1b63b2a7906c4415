import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sendUnaryData, Server, ServerCredentials, ServerUnaryCall, status } from '@grpc/grpc-js'

import { OWNER } from '../../../src/core/domain/labels'
import { connect, Containerd } from '../../../src/effects/containerd/Containerd'
import { removeOwn } from '../../../src/effects/containerd/containers'
import { Learnt } from '../../../src/effects/ports/Learnt'
import { Container, ContainersService, DeleteContainerRequest, GetContainerRequest, GetContainerResponse } from '../../../src/generated/containerd/containers'

const ME = 'a1/web/1'

/** The containers of a containerd, and whose they are. */
const owners = new Map<string, string>()
const calls: Array<string> = []
const directory = mkdtempSync(join(tmpdir(), 'owner-'))
const server = new Server()
let containerd: Containerd
let nowMs = 0
const clock = { now: () => nowMs }

beforeAll(async () => {
  server.addService(ContainersService, {
    get: ({ request: { id } }: ServerUnaryCall<GetContainerRequest, GetContainerResponse>, done: sendUnaryData<GetContainerResponse>) => {
      calls.push('get')
      const owner = owners.get(id)
      if (owner === undefined) done({ code: status.NOT_FOUND, details: 'not found' })
      else done(null, { container: Container.fromPartial({ id, labels: { [OWNER]: owner } }) })
    },
    delete: ({ request: { id } }: ServerUnaryCall<DeleteContainerRequest, object>, done: sendUnaryData<object>) => {
      calls.push('delete')
      owners.delete(id)
      done(null, {})
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix://${directory}/c.sock`, ServerCredentials.createInsecure(), (error) => { if (error === null) resolve(); else reject(error) })
  })
  containerd = connect(join(directory, 'c.sock'), 'test')
})

beforeEach(() => {
  calls.splice(0)
  owners.clear()
  nowMs = 0
})

afterAll(() => {
  containerd.close()
  server.forceShutdown()
  rmSync(directory, { recursive: true, force: true })
})

const removes = async (id: string, learnt?: Learnt, owner = ME): Promise<void> => {
  expect(await removeOwn(containerd, id, { owner, clock, learnt })()).toMatchObject({ _tag: 'Right' })
}

describe('whose a container is', () => {
  it('is asked once in a second of one run', async () => {
    const learnt = Learnt()
    for (const ms of [0, 400, 1000]) {
      nowMs = ms
      owners.set('c', ME)
      await removes('c', learnt)
    }
    expect(calls).toEqual(['get', 'delete', 'delete', 'delete'])
  })

  it('is asked again after that, and by every run: a stranger who took the name keeps it', async () => {
    const learnt = Learnt()
    owners.set('c', ME)
    await removes('c', learnt)
    owners.set('c', 'a stranger')
    nowMs = 1001
    await removes('c', learnt)
    await removes('c', Learnt())
    await removes('c')
    expect([calls, owners.get('c')]).toEqual([['get', 'delete', 'get', 'get', 'get'], 'a stranger'])
  })

  it('is asked again when the clock was set back', async () => {
    const learnt = Learnt()
    nowMs = 5000
    owners.set('c', ME)
    await removes('c', learnt)
    nowMs = 0
    await removes('c', learnt)
    expect(calls).toEqual(['get', 'delete', 'get'])
  })

  it('is known of one owner and one container only', async () => {
    const learnt = Learnt()
    owners.set('c', ME).set('d', 'a stranger')
    await removes('c', learnt)
    owners.set('c', 'a stranger')
    await removes('d', learnt)
    await removes('c', learnt, 'another')
    expect([...owners]).toEqual([['d', 'a stranger'], ['c', 'a stranger']])
  })
})
