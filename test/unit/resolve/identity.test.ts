import * as Allocation from '../../../src/core/decode/Allocation'
import { containerIdOf, labelsOf } from '../../../src/core/wanted/identity'
import { rightOf } from '../../../src/testing/facts'

const ALLOC = '5e3c1d2f-7a44-4b1e-9c55-0d3c8a6b7e10'

const allocationOf = (name: string, allocId = ALLOC): Allocation.Allocation =>
  rightOf(Allocation.codec.decode({ id: `${ALLOC}/web/1a2b3c4d`, name, allocId, allocDir: '/a' }))

it.each([
  ['web', 'web-5e3c1d2f-6919964598a14ce4'], ['Web_Server.v2', 'Web-Server-v2-5e3c1d2f-6919964598a14ce4'], ['wéb', 'w-b-5e3c1d2f-6919964598a14ce4'],
  ['--a--', 'a-5e3c1d2f-6919964598a14ce4'], ['日本', '5e3c1d2f-6919964598a14ce4'], ['', '5e3c1d2f-6919964598a14ce4'],
  ['a'.repeat(255), `${'a'.repeat(20)}-5e3c1d2f-6919964598a14ce4`], [`${'a'.repeat(19)}.b`, `${'a'.repeat(19)}-5e3c1d2f-6919964598a14ce4`]
])('a task called %j runs in %s', (name, id) => { expect(containerIdOf(allocationOf(name))).toBe(id) })

it('a task without an allocation has an id all the same', () => {
  expect(containerIdOf(allocationOf('web', ''))).toBe('web-6919964598a14ce4')
})

it('labels say whose the container is', () => {
  expect(labelsOf(allocationOf('web'), {}, [])).toEqual({ 'containerd-driver/owner': `${ALLOC}/web/1a2b3c4d`, 'com.hashicorp.nomad.alloc_id': ALLOC })
  expect(labelsOf(allocationOf('web', ''), {}, [])).toEqual({ 'containerd-driver/owner': `${ALLOC}/web/1a2b3c4d` })
})
