import { Server, ServerDuplexStream } from '@grpc/grpc-js'

import { HealthCheckResponse_ServingStatus, HealthService } from '../generated/plugin/health'
import { ConnInfo, GRPCBrokerService, GRPCControllerService, GRPCStdioService } from '../generated/plugin/plugin'
import { aborted, streaming, unary } from './handlers'

const SERVING = { status: HealthCheckResponse_ServingStatus.SERVING }

/** The services that go-plugin expects of every plugin: health, a broker that brokers nothing, stdio that says nothing, shutdown. */
export const addGoPlugin = (server: Server, shutdown: () => void): void => {
  server.addService(HealthService, {
    check: unary(() => Promise.resolve(SERVING)),
    watch: streaming(async (_request: unknown, send: (value: typeof SERVING) => void, cancelled) => {
      send(SERVING)
      await aborted(cancelled)
    })
  })
  server.addService(GRPCBrokerService, {
    startStream: (call: ServerDuplexStream<ConnInfo, ConnInfo>) => {
      call.on('data', () => undefined)
      call.on('end', () => { call.end() })
    }
  })
  server.addService(GRPCStdioService, { streamStdio: streaming((_request, _send, cancelled) => aborted(cancelled)) })
  server.addService(GRPCControllerService, {
    shutdown: unary(() => {
      setTimeout(shutdown, 20)
      return Promise.resolve({})
    })
  })
}
