import { proxyOf } from '../../../../src/effects/registry/proxyOf'

const proxied = (url: string, env: Record<string, string>): string | undefined => proxyOf(new URL(url), env)?.href

const BOTH = { HTTP_PROXY: 'http://plain:3128', HTTPS_PROXY: 'http://secure:3128' }

it.each([
  ['https://registry.example/', BOTH, 'http://secure:3128/'], ['http://registry.example/', BOTH, 'http://plain:3128/'],
  ['https://registry.example/', { https_proxy: 'proxy:8080' }, 'http://proxy:8080/'], ['https://registry.example/', { HTTP_PROXY: 'http://plain:3128' }, undefined],
  ['https://registry.example/', { HTTPS_PROXY: 'http://me:pw@proxy:8080' }, 'http://me:pw@proxy:8080/'], ['https://registry.example/', {}, undefined]
])('%s with %j goes by %s', (url, env, expected) => { expect(proxied(url, env)).toBe(expected) })

it.each(['https://localhost/', 'https://127.0.0.1:5000/', 'https://127.1.2.3/', 'https://[::1]:5000/'])('%s, which is this host, goes by none', (url) => {
  expect(proxied(url, BOTH)).toBeUndefined()
})

it.each<readonly [string, string, boolean]>([
  ['*', 'https://a.example/', true], ['a.example', 'https://a.example/', true], ['a.example', 'https://b.a.example/', true], ['a.example', 'https://ba.example/', false],
  ['.a.example', 'https://b.a.example/', true], ['.a.example', 'https://a.example/', false], ['A.Example', 'https://a.example/', true], ['x, a.example ,y', 'https://a.example/', true],
  ['a.example:443', 'https://a.example/', true], ['a.example:5000', 'https://a.example/', false], ['a.example:5000', 'https://a.example:5000/', true],
  ['10.0.0.0/8', 'https://10.1.2.3/', true], ['10.0.0.0/8', 'https://11.1.2.3/', false], ['10.1.2.3', 'https://10.1.2.3/', true], ['10.1.2.3', 'https://10.1.2.30/', false],
  ['2001:db8::/32', 'https://[2001:db8::1]/', true], ['2001:db8::1', 'https://[2001:db8::1]/', true], ['[2001:db8::1]:5000', 'https://[2001:db8::1]:5000/', true],
  ['10.0.0.0/99', 'https://10.1.2.3/', false], ['', 'https://a.example/', false]
])('NO_PROXY = %j with %s: %s', (list, url, isListed) => {
  expect(proxied(url, { ...BOTH, NO_PROXY: list }) === undefined).toBe(isListed)
  expect(proxied(url, { ...BOTH, no_proxy: list }) === undefined).toBe(isListed)
})
