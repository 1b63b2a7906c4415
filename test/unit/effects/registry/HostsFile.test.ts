import * as E from 'fp-ts/Either'
import { parse } from 'smol-toml'

import { decode, Host } from '../../../../src/core/image/HostsFile'
import { right } from '../../../system/harness/right'

const of = (text: string): ReturnType<typeof decode> => decode(parse(text))

const mirrors = (text: string): ReadonlyArray<Host> => right(of(text)).mirrors

const base = (address: string, more = ''): string => mirrors(`[host."${address}"]\n${more}`)[0]?.base ?? ''

it.each([
  ['https://mirror.example', 'https://mirror.example/v2/'], ['http://10.0.0.5:5000', 'http://10.0.0.5:5000/v2/'], ['mirror.example', 'https://mirror.example/v2/'],
  ['https://mirror.example/', 'https://mirror.example/v2/'], ['https://mirror.example/v2', 'https://mirror.example/v2/'], ['https://mirror.example/v2/', 'https://mirror.example/v2/'],
  ['https://mirror.example/team//hub/', 'https://mirror.example/team/hub/v2/'], ['http://[::1]:5000', 'http://[::1]:5000/v2/']
])('a host %s is asked at %s', (address, expected) => { expect(base(address)).toBe(expected) })

it('with override_path the path is the whole of it', () => {
  expect(base('https://mirror.example/api', 'override_path = true')).toBe('https://mirror.example/api/')
  expect(base('https://mirror.example', 'override_path = true')).toBe('https://mirror.example/')
})

it('reads all that containerd knows of a host', () => {
  expect(mirrors(`
    [host."https://mirror.example"]
      capabilities = ["pull"]
      ca = "ca.pem"
      client = [["client.cert", "client.key"], ["both.pem", ""], "one.pem"]
      skip_verify = true
      dial_timeout = "1.5s"
      something = "that a later containerd knows"
      [host."https://mirror.example".header]
        x-one = "1"
        x-two = ["2", "3"]`)).toEqual([{
    base: 'https://mirror.example/v2/', mayPull: true, mayResolve: false, ca: ['ca.pem'],
    client: [['client.cert', 'client.key'], ['both.pem', ''], ['one.pem', '']], skipVerify: true, dialTimeoutMs: 1500,
    header: { 'x-one': ['1'], 'x-two': ['2', '3'] }
  }])
})

it('keeps the mirrors in their order, and what stands at the top is for the registry itself', () => {
  const file = right(of('server = "https://upstream.example"\nca = ["a.pem", "b.pem"]\ncapabilities = ["pull", "resolve"]\n[host."https://b"]\n[host."https://a"]\n[host."https://c"]'))
  expect(file.mirrors.map((one) => one.base)).toEqual(['https://b/v2/', 'https://a/v2/', 'https://c/v2/'])
  expect(file.server).toMatchObject({ base: 'https://upstream.example/v2/', ca: ['a.pem', 'b.pem'], mayPull: true, mayResolve: true })
  expect(right(of('skip_verify = true'))).toMatchObject({ server: undefined, ownSettings: { skipVerify: true }, mirrors: [] })
})

it.each([
  ['[host."https://m"]\ncapabilities = ["fly"]', 'at `host.https://m.capabilities`'], ['[host."https://m"]\nskip_verify = "yes"', 'at `host.https://m.skip_verify`'],
  ['server = 5', 'at `server`'], ['[host."https://m"]\nclient = [[[1]]]', 'at `host.https://m.client`'], ['[host."https://m"]\ndial_timeout = "soon"', 'dial_timeout `soon`, which is no duration'],
  ['[host."https://me:you@m"]', 'no address of a registry'], ['[host."https://m?x=1"]', 'no address of a registry'], ['[host.""]', 'no address of a registry']
])('refuses %j', (text, said) => {
  const outcome = of(text)
  expect(E.isLeft(outcome) ? outcome.left : 'is fine').toContain(said)
})
