import { Server, ServerDuplexStream } from '@grpc/grpc-js'

import { Ports } from '../effects/ports/Ports'
import { HealthCheckResponse_ServingStatus, HealthService } from '../generated/plugin/health'
import { ConnInfo, GRPCBrokerService, GRPCControllerService, GRPCStdioService } from '../generated/plugin/plugin'
import { aborted, Handlers } from './handlers'

const SERVING = { status: HealthCheckResponse_ServingStatus.SERVING }

// The answer has to be on its way before this process ends.
const LEAVE_MS = 20

/**
 * The services that go-plugin expects of every plugin: health, a broker that brokers nothing, stdio that says nothing,
 * shutdown.
 */
export const addGoPlugin = (server: Server, { clock, log }: Ports, shutdown: () => void): void => {
  const { unary, streaming } = Handlers(log)
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
      void clock.sleep(LEAVE_MS).then(shutdown)
      return Promise.resolve({})
    })
  })
}
