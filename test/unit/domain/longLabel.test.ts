import * as fc from 'fast-check'

import { labelled, textOfLabels } from '../../../src/core/domain/longLabel'

const NAME = 'containerd-driver/network'

it('a text of any length is labels that containerd takes, and is read from them among others', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 5000 }), (text) => {
    const labels = labelled(NAME, text)
    for (const [name, value] of Object.entries(labels)) expect(Buffer.byteLength(name) + Buffer.byteLength(value)).toBeLessThanOrEqual(4096)
    expect(textOfLabels(NAME, { before: 'b', ...labels, [`${NAME}ed`]: 'x' })).toBe(text)
  }))
})

it('without labels there is no text', () => { expect(textOfLabels(NAME, { other: 'x' })).toBeUndefined() })
