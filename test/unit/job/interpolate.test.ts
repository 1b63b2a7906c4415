import { inTask } from '../../../src/core/domain/DocumentPath'
import { expand, expandText, unknownNotices } from '../../../src/core/job/interpolate'

const env = { NOMAD_TASK_NAME: 'web', 'my-name': 'x', EMPTY: '' }

it.each<readonly [string, string, ReadonlyArray<string>]>([
  ['plain', 'plain', []], ['${NOMAD_TASK_NAME}', 'web', []], ['a-${NOMAD_TASK_NAME}-${EMPTY}b', 'a-web-b', []], ['${ NOMAD_TASK_NAME }', 'web', []],
  ['${env["my-name"]}', 'x', []], ['${env.NOMAD_TASK_NAME}', 'web', []], ['$${NOMAD_TASK_NAME}', '${NOMAD_TASK_NAME}', []], ['$NOMAD_TASK_NAME', '$NOMAD_TASK_NAME', []],
  ['${attr.kernel.name}', '${attr.kernel.name}', ['${attr.kernel.name}']], ['${NOPE} ${NOPE}', '${NOPE} ${NOPE}', ['${NOPE}', '${NOPE}']],
  ['${constructor}', '${constructor}', ['${constructor}']], ['${}', '${}', ['${}']], ['${', '${', []]
])('%j', (text, value, unknown) => { expect(expandText(text, env)).toEqual({ value, unknown }) })

it('every text of a document is expanded, at any depth, and no key', () => {
  expect(expand({ '${EMPTY}': ['${NOMAD_TASK_NAME}', { a: '${x}' }], n: 1, t: true, z: null }, env, inTask())).toEqual({
    value: { '${EMPTY}': ['web', { a: '${x}' }], n: 1, t: true, z: null },
    unknown: [{ at: inTask('${EMPTY}', 1, 'a'), name: '${x}' }]
  })
})

it('what a value holds is not expanded again', () => {
  expect(expandText('${A}', { A: '${B}', B: 'x' })).toEqual({ value: '${B}', unknown: [] })
})

it('each unknown reference is told once', () => {
  expect(unknownNotices([{ at: inTask('args', 0), name: '${a}' }, { at: inTask('args', 1), name: '${a}' }])).toEqual([{ at: inTask('args', 0), text: '${a} is known only on a Nomad client; it stays as written' }])
})
