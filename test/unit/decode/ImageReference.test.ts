import * as E from 'fp-ts/Either'

import { isLoopback, parse } from '../../../src/core/image/ImageReference'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`

describe("what an image name leaves out is filled in by Docker's rules", () => {
  it.each([
    ['redis', 'docker.io', 'library/redis', 'latest', 'docker.io/library/redis:latest'],
    ['redis:7', 'docker.io', 'library/redis', '7', 'docker.io/library/redis:7'],
    ['bitnami/redis:7', 'docker.io', 'bitnami/redis', '7', 'docker.io/bitnami/redis:7'],
    ['docker.io/redis', 'docker.io', 'library/redis', 'latest', 'docker.io/library/redis:latest'],
    ['index.docker.io/library/redis:7', 'docker.io', 'library/redis', '7', 'docker.io/library/redis:7'],
    ['registry:5000', 'docker.io', 'library/registry', '5000', 'docker.io/library/registry:5000'],
    ['registry:5000/team/app', 'registry:5000', 'team/app', 'latest', 'registry:5000/team/app:latest'],
    ['localhost/app:1', 'localhost', 'app', '1', 'localhost/app:1'],
    ['127.0.0.1:5000/app:1', '127.0.0.1:5000', 'app', '1', '127.0.0.1:5000/app:1'],
    ['[::1]:5000/app:1', '[::1]:5000', 'app', '1', '[::1]:5000/app:1'],
    ['Registry/app', 'Registry', 'app', 'latest', 'Registry/app:latest'],
    ['ghcr.io/a/b__c---d.e/f:v1.2_x-Y', 'ghcr.io', 'a/b__c---d.e/f', 'v1.2_x-Y', 'ghcr.io/a/b__c---d.e/f:v1.2_x-Y']
  ])('%s', (text, registry, repository, tag, name) => { expect(parse(text)).toEqual(E.right({ registry, repository, tag, name })) })

  it('a digest alone has no tag', () => {
    expect(parse(`redis@${DIGEST}`)).toEqual(
      E.right({ registry: 'docker.io', repository: 'library/redis', digest: DIGEST, name: `docker.io/library/redis@${DIGEST}` })
    )
  })

  it('beside a digest, a tag is only for people', () => {
    expect(parse(`redis:7@${DIGEST}`)).toEqual(
      E.right({ registry: 'docker.io', repository: 'library/redis', tag: '7', digest: DIGEST, name: `docker.io/library/redis@${DIGEST}` })
    )
  })

  it('a full name is its own full name', () => {
    for (const text of ['redis', 'ghcr.io/a/b:1', `r.example/x@${DIGEST}`]) {
      const once = parse(text)
      expect(E.isRight(once) && parse(once.right.name)).toMatchObject({ right: { name: E.isRight(once) && once.right.name } })
    }
  })
})

describe('a name that no registry takes is refused', () => {
  const path = 'is no image name: letters, digits and single `.`, `_`, `-`, `/` between them'
  const tag = 'has a tag that is not 1 to 128 letters, digits, `_`, `.`, `-`'
  it.each([
    ['', 'must name an image, such as `docker.io/library/redis:7`'], ['Redis', 'must be in lower case up to the tag'],
    ['redis:', tag], [`redis:${'a'.repeat(129)}`, tag], ['redis:-x', tag], ['redis: 7', tag], ['a//b', path], ['/redis', path], ['redis/', path],
    ['a..b', path], ['a___b', path], ['-a', path], ['a b', path], ['../x', 'has a registry that is no host name'], ['red\u0000is', path],
    ['a@b@c', 'must contain at most one `@`'], ['redis@sha256:abc', 'must have a digest of the form sha256:<64 hex digits>'],
    [`redis@${DIGEST.toUpperCase()}`, 'must have a digest of the form sha256:<64 hex digits>'],
    ['a_b.c:5000/x', 'has a registry that is no host name'], ['.hidden/x', 'has a registry that is no host name'],
    ['a'.repeat(64), 'looks like an image id; give a name and a tag or a digest'],
    [`r.example/${'b'.repeat(250)}`, 'is longer than 255 characters'], ['https://redis', 'must be an image name, not an address: leave the scheme out']
  ])('%j', (text, reason) => { expect(parse(text)).toEqual(E.left(reason)) })
})

it.each([
  ['localhost', true], ['localhost:5000', true], ['127.0.0.1', true], ['127.9.9.9:80', true], ['[::1]:5000', true], ['[::1]', true],
  ['docker.io', false], ['localhost.example', false], ['127.0.0.1.example', false], ['10.0.0.1', false], ['[::2]:5000', false], ['1270.0.0.1', false]
])('%s is on this machine: %s', (registry, here) => { expect(isLoopback(registry)).toBe(here) })
