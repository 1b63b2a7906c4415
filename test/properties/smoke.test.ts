import * as fc from 'fast-check'

import { cases, compiledOf, requestOf } from '../arbitraries/facts'
import { anyText } from '../arbitraries/ofFields'
import { allocation, documents, plugin,task } from '../arbitraries/request'
const time = (n: string, f: () => void) => { const t = Date.now(); f(); console.log(n, Date.now() - t) }
it('x', () => {
  time('text', () => fc.sample(anyText, 1000))
  time('task', () => fc.sample(task, 1000))
  time('allocation', () => fc.sample(allocation, 1000))
  time('plugin', () => fc.sample(plugin, 1000))
  time('documents', () => fc.sample(documents, 1000))
  const d = fc.sample(documents, 1000)
  time('request', () => d.forEach(requestOf))
  time('cases', () => fc.sample(cases, 1000))
  const c = fc.sample(cases, 1000)
  time('compile', () => c.forEach(compiledOf))
})
