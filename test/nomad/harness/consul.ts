import * as http from 'node:http'
import * as net from 'node:net'

/** As much of a Consul agent as Nomad needs to run script checks: it takes registrations, and keeps what is said of each check. */
export interface Consul {
  readonly port: number
  /** What was last said of the check of this name: its status, and the output of its script. */
  readonly said: (name: string) => { readonly status: string; readonly output: string } | undefined
  readonly stop: () => Promise<void>
}

interface Check {
  readonly ID?: string
  readonly CheckID?: string
  readonly Name?: string
}

const SELF = {
  Config: { Datacenter: 'dc1', NodeName: 'test', NodeID: '11111111-2222-3333-4444-555555555555', Revision: '1', Server: true, Version: '1.20.0' },
  DebugConfig: { GRPCPort: -1 }, Member: { Name: 'test', Tags: {} }, Stats: {}, Meta: {}
}

const bodyOf = async (request: http.IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

export const startConsul = async (): Promise<Consul> => {
  const names = new Map<string, string>()
  const states = new Map<string, { readonly status: string; readonly output: string }>()
  const answer = (where: string, body: string): unknown => {
    if (where === '/v1/agent/self') return SELF
    if (where === '/v1/agent/check/register') {
      const check = JSON.parse(body) as Check
      names.set(check.ID ?? check.CheckID ?? '', check.Name ?? '')
    }
    const [, updated] = /^\/v1\/agent\/check\/update\/(.+)$/.exec(where) ?? []
    if (updated !== undefined) {
      const { Status, Output } = JSON.parse(body) as { readonly Status: string; readonly Output: string }
      states.set(names.get(decodeURIComponent(updated)) ?? updated, { status: Status, output: Output })
    }
    return {}
  }
  const server = http.createServer((request, response) => {
    void bodyOf(request).then((body) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answer((request.url ?? '').split('?')[0] ?? '', body)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    said: (name) => states.get(name),
    stop: () => new Promise((resolve) => {
      server.closeAllConnections()
      server.close(() => { resolve() })
    })
  }
}
