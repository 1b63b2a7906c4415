import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import * as Allocation from '../../src/core/decode/Allocation'
import * as PluginConfig from '../../src/core/decode/PluginConfig'
import * as TaskConfig from '../../src/core/decode/TaskConfig'
import { none } from '../../src/core/facts/Facts'
import * as factsFile from '../../src/core/facts/factsFile'
import * as ImageConfig from '../../src/core/image/ImageConfig'
import * as Job from '../../src/core/job/Job'
import { toDocuments } from '../../src/core/job/toDocuments'
import { Documents } from '../../src/core/resolve/Request'
import { Case, cases } from '../../src/testing/facts'
import { near } from '../../src/testing/ofFields'
import { strange } from '../../src/testing/strange'
import { taskOverrides } from '../../src/testing/task'
import { allThatIsShown } from '../laws/issues'

const parts = ['task', 'plugin', 'allocation'] as const

const nearly: Readonly<Record<(typeof parts)[number], fc.Arbitrary<unknown>>> = {
  task: near(TaskConfig.fields, taskOverrides),
  plugin: near(PluginConfig.fields),
  allocation: near(Allocation.fields)
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

const isTotal = (documents: Documents, facts = none): void => {
  const shown = allThatIsShown(documents, facts)
  expect(shown.length).toBeGreaterThan(0)
  expect(shown.every(isText)).toBe(true)
}

describe('any input gives a spec or says what is wrong with it, and never throws', () => {
  it.each(parts)('when the %s is almost right', (part) => {
    fc.assert(fc.property(cases, nearly[part], ({ documents, facts }: Case, spoilt) => {
      isTotal({ ...documents, [part]: spoilt }, facts)
    }))
  })

  it.each(parts)('when the %s has one thing of a strange kind', (part) => {
    fc.assert(fc.property(cases, fc.nat(), strange, ({ documents, facts }: Case, pick, odd) => {
      const document = documents[part] as Readonly<Record<string, unknown>>
      const names = Object.keys(document)
      isTotal({ ...documents, [part]: { ...document, [names[pick % names.length] ?? 'x']: odd } }, facts)
    }))
  })

  it('when all three are any JSON at all', () => {
    const any = fc.jsonValue()
    fc.assert(fc.property(any, any, any, (task, plugin, allocation) => { isTotal({ task, plugin, allocation }) }))
  })

  it('when nobody answered a question', () => {
    fc.assert(fc.property(cases, ({ documents }) => {
      expect(allThatIsShown(documents, none).join('')).toContain('nobody said what is in the image')
    }))
  })

  it('when a facts file, an image config or a job is any JSON at all', () => {
    fc.assert(fc.property(fc.jsonValue(), (any) => {
      for (const outcome of [factsFile.decode(any), ImageConfig.decode(any), Job.decode(any)]) {
        if (E.isLeft(outcome)) expect(outcome.left.length).toBeGreaterThan(0)
      }
    }))
  })

  it('when the config of a job\'s task is any JSON at all', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (Config) => {
      const task = { Name: 'web', Driver: 'containerd-driver', Config }
      const { documents } = toDocuments({ job: { ID: 'shop' }, group: { Name: 'front' }, task })
      isTotal({ task: documents.task, allocation: documents.allocation, plugin: { containerd_runtime: 'io.containerd.runc.v2' } })
    }))
  })
})
