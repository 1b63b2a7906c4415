import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { canonical, classify, compile, diff, explain, jobTasks, parse, plan, planText, pretty, redact, redactBoth, schema } from '../../src/lib/index'
import { cases, documents, nearPluginConfig, nearTaskConfig } from '../../src/testing/index'
import { Fixture, fixtures } from './fixtures'

const all = fixtures()

/** What the library says of a fixture, in the form of the fixture's own files. */
const saidOf = ({ name, documents: given, facts }: Fixture): object => {
  const [made, steps] = [compile(given, facts), plan(given, facts)]
  if (made.ok && steps.ok) {
    return { name, spec: pretty(made.compiled.spec), plan: steps.plans.map(planText).join('\n') }
  }
  expect(made.ok).toBe(steps.ok)
  return { name, issues: [...made.notices, ...(made.ok ? [] : made.issues)].map((one) => `${explain(one)}\n`).join('') }
}

const stored = ({ name, spec, plan: steps, issues }: Fixture): object => (issues === undefined ? { name, spec, plan: steps } : { name, issues })

const plain = all.find(({ name }) => name === 'minimal') ?? all.find(({ spec }) => spec !== undefined)!

const documentOf = (task: object): unknown => {
  const made = compile({ ...plain.documents, task: { ...(plain.documents.task as object), ...task } }, plain.facts)
  if (!made.ok) throw new Error(made.issues.map(explain).join('\n'))
  return made.document
}

describe('the library', () => {
  it('says of every fixture what is stored beside it', () => {
    expect(all.length).toBeGreaterThan(150)
    expect(all.map(saidOf)).toEqual(all.map(stored))
  })

  it('never throws: not for want of arguments, nor for values without an end, too deep, or that throw when they are read', () => {
    const cyclic: { self?: unknown } = {}
    cyclic.self = cyclic
    const deep = Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], 1)
    const trap = { get x(): unknown { throw new Error('no') } }
    const odd: ReadonlyArray<unknown> = [undefined, null, 0, 1n, '', [], {}, cyclic, deep, trap, { task: cyclic, plugin: deep, allocation: trap }, Symbol('s'), () => 1]
    const any = { compile, plan, planText, canonical, pretty, diff, classify, redact, redactBoth, parse, explain, schema, jobTasks } as unknown as Readonly<Record<string, (...args: ReadonlyArray<unknown>) => unknown>>
    for (const [name, call] of Object.entries(any)) {
      expect(() => call()).not.toThrow()
      for (const one of odd) for (const args of [[one], [one, one], [plain.documents, one], [{}, one, one]]) {
        expect({ name, thrown: E.tryCatch(() => call(...args), (thrown) => String(thrown))._tag === 'Left' }).toEqual({ name, thrown: false })
      }
    }
    expect(compile({ ...plain.documents, task: cyclic })).toMatchObject({ ok: false, issues: [{ at: 'task', reason: 'leads back into itself' }] })
    expect(canonical(cyclic)).toBe('null\n'.trimEnd())
  })

  it('refuses facts that are none', () => {
    const made = compile(plain.documents, { hosts: {} } as object)
    expect(made.ok ? [] : made.issues.map(explain)).toEqual(['facts.hosts: is none of host, images, paths, devices, files, cdi, network, conflists'])
    expect(plan(plain.documents, { hosts: {} } as object)).toEqual(made)
  })

  it('answers with the sample where no facts are given', () => {
    const made = compile({ ...plain.documents, task: { image: 'redis:7', command: '/bin/true' } })
    expect(made.ok && made.compiled.spec.process.args).toEqual(['${image.config.Entrypoint}', '/bin/true'])
    expect(made.notices.map(({ at }) => at)).toContain('task.image')
  })
})

describe('a value of the environment that a job puts into its config', () => {
  it('is hidden there as well', () => {
    const made = jobTasks({ ID: 'j', TaskGroups: [{ Name: 'g', Tasks: [{ Name: 't', Driver: 'containerd-driver', Env: { TOKEN: 'hunter2' }, Config: { image: 'a', command: 'x', args: ['--token=${TOKEN}'] } }] }] })
    const [task] = made.ok ? made.tasks : []
    const compiled = compile(task!.documents)
    const document = compiled.ok ? compiled.document : undefined
    expect(canonical(document)).toContain('--token=hunter2')
    expect(canonical(redact(document, [], task!.spread))).not.toContain('hunter2')
    expect(canonical(redactBoth(document, document, [], [task!.spread, { TOKEN: 'other' }])[0])).toContain('--token=(redacted TOKEN, before)')
  })
})

describe('the tasks of a job', () => {
  const job = {
    ID: 'shop',
    TaskGroups: [{
      Name: 'front',
      Tasks: [
        { Name: 'web', Driver: 'containerd-driver', Config: { image: 'redis:7', command: 'redis-server' } },
        { Name: 'log', Driver: 'docker', Config: { image: 'x' } }
      ]
    }]
  }

  it('are those of this driver, ready to compile', () => {
    const found = jobTasks({ Job: job })
    if (!found.ok) throw new Error('refused')
    expect(found.tasks.map(({ name }) => name)).toEqual(['front/web'])
    expect(found.notices.map(explain)).toEqual(['notice: front/log: skipped: its driver is docker'])
    const [web] = found.tasks
    const made = compile(web!.documents)
    expect(made.ok && made.compiled.container.image.name).toBe('docker.io/library/redis:7')
  })

  it("come with the operator's config that is given", () => {
    const found = jobTasks(job, { containerd_runtime: 'io.containerd.kata.v2' })
    const made = found.ok ? compile(found.tasks[0]!.documents) : found
    expect(made.ok && 'compiled' in made && made.compiled.container.runtime.name).toBe('io.containerd.kata.v2')
  })

  it('are not in what is no job', () => {
    const found = jobTasks({ ID: 7 })
    expect(found.ok ? [] : found.issues.map(explain)).toEqual(['job.ID: is not what a Nomad job has there'])
  })
})

describe('documents', () => {
  it('are compared, and a change judged', () => {
    const changes = diff(documentOf({}), documentOf({ privileged: true }))
    expect(changes.some(({ pointer }) => pointer.startsWith('/spec/process/capabilities'))).toBe(true)
    expect([classify(changes), classify([]), diff(documentOf({}), documentOf({}))]).toEqual(['weakens', 'neutral', []])
  })

  it('are redacted before they are shared', () => {
    const shared = canonical(redact({ spec: { process: { env: ['A=secret', 'B=fine'] } } }, ['B']))
    expect(shared).toBe('{"spec":{"process":{"env":["A=(redacted)","B=fine"]}}}')
    const [before, after] = redactBoth({ process: { env: ['A=1'] } }, { process: { env: ['A=2'] } })
    expect([canonical(before), canonical(after)]).toEqual(['{"process":{"env":["A=(redacted, before)"]}}', '{"process":{"env":["A=(redacted, after)"]}}'])
  })

  it('keep the digits of whole numbers', () => {
    const read = parse('{"b":18446744073709551615,"a":1}')
    expect(read.ok && canonical(read.value)).toBe('{"a":1,"b":18446744073709551615}')
    expect(parse('{').ok).toBe(false)
  })

  it('have schemas', () => {
    expect(canonical(schema('task'))).toContain('"$id":"urn:containerd-driver:schema:task"')
    expect(canonical(schema('plugin'))).toContain('"$id":"urn:containerd-driver:schema:plugin"')
  })
})

describe('the arbitraries', () => {
  it('give cases that compile, and facts that are JSON', () => {
    fc.assert(fc.property(cases, ({ documents: given, facts }) => {
      const made = compile(given, JSON.parse(JSON.stringify(facts)))
      expect(made.ok ? [] : made.issues.map(explain)).toEqual([])
    }))
  })

  it('give documents that are almost right, of which every mistake is told', () => {
    fc.assert(fc.property(documents, nearTaskConfig, nearPluginConfig, (given, task, plugin) => {
      const made = compile({ ...given, task, plugin })
      expect(made.ok || made.issues.map(explain).every((line) => /^(task|plugin|allocation)\b/.test(line))).toBe(true)
    }))
  })
})
