import { ALLOC_DIR, NODE, OWNER } from '../../../src/core/domain/labels'
import { markIn, markOf } from '../../../src/core/domain/mark'

const LONG = 'ü'.repeat(4096)

it.each([
  ['node and directory', { nodeId: 'n1', allocDir: '/alloc/a1' }, { [NODE]: 'n1', [ALLOC_DIR]: '/alloc/a1' }],
  ['nothing where Nomad does not say which agent it is', { nodeId: '', allocDir: '/alloc/a1' }, {}],
  ['no directory that no label holds: what is cut is another one', { nodeId: 'n1', allocDir: `/${LONG}` }, { [NODE]: 'n1' }],
  ['nothing where no label holds the node', { nodeId: LONG, allocDir: '/alloc/a1' }, {}],
  ['the node alone where there is no directory', { nodeId: 'n1' }, { [NODE]: 'n1' }]
])('a mark is %s', (_what, task, mark) => {
  expect(markOf(task)).toEqual(mark)
  expect(markIn({ ...mark, [OWNER]: 'a1/web/1', other: 'x' })).toEqual(mark)
})
