import path from 'node:path'

import { type HclRequest, type HclResult, parseHcl } from '../../../../src/cli/hcl/parseHcl'

const WASM = path.join(__dirname, '../../../../dist/jobspec.wasm')

const SOURCE = 'variable "name" {\n  default = "default"\n}\nvariable "list" {\n  type = list(string)\n  default = ["a"]\n}\njob "a" {\n  name = var.name\n  datacenters = var.list\n}\n'

type Given = Pick<HclRequest, 'vars' | 'varFiles' | 'envs'>

const read = async (given: Given): Promise<HclResult> =>
  (await parseHcl(WASM, [{ kind: 'job', name: 'a.hcl', source: SOURCE, ...given }]))[0]!

const named = (Name: string): object => expect.objectContaining({ ok: true, value: expect.objectContaining({ Name }) })

const file = (name: string, source: string): { readonly name: string; readonly source: string } => ({ name, source })

const env = { envs: ['NOMAD_VAR_name=env', 'NOMAD_VAR_other=x', 'HOME=/root'] }
const one = file('one.hcl', 'name = "one"\n')
const two = file('two.json', '{"name": "two", "list": ["x", "y"]}')

describe('the variables of a job', () => {
  it.each<[string, Given, string]>([
    ['nothing', {}, 'default'],
    ['the environment', env, 'env'],
    ['a file over the environment', { ...env, varFiles: [one] }, 'one'],
    ['a later file over an earlier', { ...env, varFiles: [one, two] }, 'two'],
    ['and the other way round', { varFiles: [two, one] }, 'one'],
    ['-var over all', { ...env, varFiles: [one, two], vars: ['name=var=1'] }, 'var=1'],
    ['the last -var', { vars: ['name=x', 'name=y'] }, 'y']
  ])('are those of %s', async (_what, given, name) => {
    expect(await read(given)).toEqual(named(name))
  })

  it('have the types that the job declares', async () => {
    expect(await read({ varFiles: [two] })).toMatchObject({ value: { Datacenters: ['x', 'y'] } })
    expect(await read({ vars: ['list=["p", "q"]'] })).toMatchObject({ value: { Datacenters: ['p', 'q'] } })
    expect(await read({ envs: ['NOMAD_VAR_list=["e"]'] })).toMatchObject({ value: { Datacenters: ['e'] } })
  })

  it('do not pass from one job to the next', async () => {
    const requests = [{ vars: ['name=x'] }, {}, { varFiles: [one] }].map((given): HclRequest => ({ kind: 'job', name: 'a.hcl', source: SOURCE, ...given }))
    expect(await parseHcl(WASM, requests)).toEqual(['x', 'default', 'one'].map(named))
  })
})

describe('a mistake with variables', () => {
  it.each<[Given, object]>([
    [{ varFiles: [one, file('v.hcl', 'list = []\nname = = 1\n')] }, { file: 'v.hcl', line: 2, column: 8, message: expect.stringContaining('Invalid expression') }],
    [{ varFiles: [one, file('v.json', '{\n"name": }')] }, { file: 'v.json', line: 2, column: 9, message: expect.any(String) }],
    [{ varFiles: [one, file('v.hcl', '\n\n  nmae = "x"\n')] }, { file: 'v.hcl', line: 3, column: 3, message: expect.stringMatching(/^Undefined variable; A "nmae"/) }],
    [{ varFiles: [file('v.hcl', 'list = {}\nlist = 1\n')] }, { file: 'v.hcl', line: 2, column: 1, message: expect.stringContaining('Attribute redefined') }],
    [{ varFiles: [file('v.hcl', '\nlist = "x"\n')] }, { file: 'v.hcl', line: 2, column: 8, message: expect.stringContaining('The value for list is not compatible') }],
    [{ varFiles: [file('v.hcl', 'name = "a"\nvariable "x" {}\n')] }, { file: 'v.hcl', line: 2, column: 1, message: expect.stringContaining('Variable declaration in a .var file') }],
    [{ varFiles: [file('v.hcl', 'name = "a\u0000"')] }, { file: 'v.hcl', line: 1, column: 10, message: 'is no text: it has a NUL byte here' }],
    [{ vars: ['nmae=x'] }, { message: '--var nmae=…: the job declares no variable "nmae"; did you mean "name"?' }],
    [{ vars: ['name'] }, { message: '-var "name": must be NAME=VALUE' }],
    [{ vars: ['list=[1'] }, { message: expect.stringMatching(/^-var list: column 1 of its value: /) }],
    [{ envs: ['NOMAD_VAR_list=]'] }, { message: expect.stringMatching(/^NOMAD_VAR_list: column 1 of its value: /) }],
    [{ vars: [`list=${'['.repeat(200_000)}`] }, { message: expect.stringMatching(/^the variable list: brackets are nested more than/) }]
  ])('%j has its place', async (given, fault) => {
    expect(await read(given)).toMatchObject({ ok: false, faults: [fault] })
  })

  it('does not tell the value', async () => {
    expect(JSON.stringify(await read({ vars: ['list=hunter2secret'] }))).not.toContain('hunter2secret')
  })
})
