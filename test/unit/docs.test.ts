import * as fs from 'node:fs'
import * as path from 'node:path'

import * as E from 'fp-ts/Either'

import { HclResult, parseHcl } from '../../src/cli/hcl/parseHcl'
import { fromHcl } from '../../src/core/decode/fromHcl'
import * as GoldenConfig from '../../src/core/decode/GoldenConfig'
import * as PluginConfig from '../../src/core/decode/PluginConfig'
import { elsewhere } from '../../src/core/decode/task/elsewhere'
import * as TaskConfig from '../../src/core/decode/TaskConfig'
import * as factsFile from '../../src/core/facts/factsFile'
import { SAMPLE_HOST, sampleFacts } from '../../src/core/facts/sampleFacts'
import { Fields } from '../../src/core/field/Field'
import { empty } from '../../src/core/image/ImageConfig'
import * as Job from '../../src/core/job/Job'
import { toDocuments } from '../../src/core/job/toDocuments'
import * as explain from '../../src/core/report/explain'
import { questionsOf } from '../../src/core/resolve/questionsOf'
import { decode, withoutUnknown } from '../../src/core/resolve/Request'
import { translate } from '../../src/core/translate'
import { rightOf } from '../../src/testing/facts'

const ROOT = path.join(__dirname, '../..')

const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8')

const DOCS = ['README.md', 'CONTRIBUTING.md', ...['docs', 'docs/decisions'].flatMap((dir) =>
  fs.readdirSync(path.join(ROOT, dir)).filter((name) => name.endsWith('.md')).map((name) => `${dir}/${name}`))]

/** The part of a page below a heading of the second level. */
const section = (file: string, heading: string): string => read(file).split(/^## /m).find((part) => part.startsWith(heading)) ?? ''

/** The tags that a section of docs/errors.md has a row for. */
const documented = (heading: string): ReadonlyArray<string> =>
  [...section('docs/errors.md', heading).matchAll(/^\| `([A-Za-z]+)`/gm)].map(([, tag = '']) => tag)

/** The members of a union of string literals in a source file. */
const declared = (file: string, type: string): ReadonlyArray<string> => {
  const [, union = ''] = new RegExp(`export type ${type} =([^/]*?)\\n\\n`).exec(read(file)) ?? []
  return [...union.matchAll(/'([A-Za-z]+)'/g)].map(([, tag = '']) => tag)
}

describe('docs/errors.md', () => {
  it.each([
    ['Issue', 'src/core/domain/Issue.ts', 'IssueTag'],
    ['Failure', 'src/core/domain/Failure.ts', 'FailureTag']
  ])('has a row for every tag of %s, and for no other', (heading, file, type) => {
    expect(declared(file, type).length).toBeGreaterThan(5)
    expect([...documented(heading)].sort()).toEqual([...declared(file, type)].sort())
  })
})

describe('docs/plans.md', () => {
  it('has a row for every act and its undo', () => {
    const steps = read('src/core/plan/Step.ts')
    const tags = [...steps.matchAll(/_tag: '([A-Za-z]+)'/g)].map(([, tag = '']) => tag).filter((tag) => tag !== 'Keep')
    for (const tag of tags) expect(section('docs/plans.md', 'Acts and undos')).toContain(`\`${tag}\``)
  })
})

describe('README.md', () => {
  it('names the two commands', () => {
    expect(read('README.md')).toContain('npm start')
    expect(read('README.md')).toContain('npm test')
  })
})

describe('links', () => {
  it.each(DOCS)('of %s lead to files that are there', (file) => {
    const targets = [...read(file).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => path.join(path.dirname(file), target))
    expect(targets.filter((target) => !fs.existsSync(path.join(ROOT, target)))).toEqual([])
  })
})

// ---- docs/coming-from-docker.md ----

const PAGE = 'docs/coming-from-docker.md'

/** The options of Nomad's docker driver (drivers/docker/config.go). */
const DOCKER_TASK = `image advertise_ipv6_address args auth auth.username auth.password auth.email auth.server_address auth_soft_fail cap_add cap_drop
  cgroupns command cpuset_cpus cpu_hard_limit cpu_cfs_period container_exists_attempts devices devices.host_path devices.container_path
  devices.cgroup_permissions dns_search_domains dns_options dns_servers entrypoint extra_hosts force_pull group_add healthchecks healthchecks.disable hostname init
  interactive ipc_mode ipv4_address ipv6_address isolation labels load logging logging.type logging.driver logging.config mac_address memory_hard_limit mount mounts mount.type mount.target
  mount.source mount.readonly mount.bind_options mount.bind_options.propagation mount.tmpfs_options mount.tmpfs_options.size mount.tmpfs_options.mode
  mount.volume_options mount.volume_options.no_copy mount.volume_options.labels mount.volume_options.driver_config mount.volume_options.driver_config.name
  mount.volume_options.driver_config.options network_aliases network_mode oom_score_adj runtime pids_limit pid_mode ports port_map privileged image_pull_timeout
  readonly_rootfs security_opt shm_size storage_opt sysctl tty ulimit uts_mode userns_mode volumes volume_driver work_dir`.split(/\s+/)

const DOCKER_PLUGIN = `endpoint auth auth.config auth.helper tls tls.cert tls.key tls.ca extra_labels logging logging.type logging.config gc gc.image
  gc.image_delay gc.container gc.dangling_containers gc.dangling_containers.enabled gc.dangling_containers.period
  gc.dangling_containers.creation_grace gc.dangling_containers.dry_run
  volumes volumes.enabled volumes.selinuxlabel allow_privileged allow_caps nvidia_runtime allow_runtimes infra_image infra_image_pull_timeout
  image_pull_timeout container_exists_attempts oom_score_adj pull_activity_timeout pids_limit disable_log_collection
  windows_allow_insecure_container_admin allowed_modes allowed_modes.pid allowed_modes.ipc allowed_modes.userns allowed_modes.uts`.split(/\s+/)

const PODMAN_TASK = `apparmor_profile args auth auth.username auth.password auth.tls_verify auth_soft_fail command cap_add cap_drop selinux_opts cpu_hard_limit
  cpu_cfs_period devices entrypoint working_dir hostname image arch os variant image_pull_timeout init init_path static_ips static_mac ipv4_address ipv6_address
  labels logging logging.driver logging.options memory_reservation memory_swap memory_swappiness network_mode ipc_mode oom_score_adj extra_hosts pids_limit
  port_map ports privileged security_opt socket sysctl tmpfs tty ulimit volumes force_pull readonly_rootfs userns shm_size`.split(/\s+/)

interface Row {
  readonly names: ReadonlyArray<string>
  readonly here: string
}

const quoted = (cell: string): ReadonlyArray<string> => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)

const rows = (heading: string): ReadonlyArray<Row> =>
  section(PAGE, heading).split('\n').filter((line) => line.startsWith('| `')).map((line) => {
    const [, first = '', here = ''] = line.split('|').map((cell) => cell.trim())
    return { names: quoted(first), here }
  })

/** Every way to write an option: its name, its other names, and those of its block. */
const waysToWrite = (fields: Fields): ReadonlyArray<string> =>
  Object.entries(fields).flatMap(([name, { shape, aliases }]) =>
    [name, ...aliases].flatMap((one) => [one, ...('fields' in shape ? waysToWrite(shape.fields).map((inner) => `${one}.${inner}`) : [])]))

const task = waysToWrite(TaskConfig.fields)
const plugin = waysToWrite(PluginConfig.fields)

const TABLES: ReadonlyArray<readonly [string, ReadonlyArray<string>, ReadonlyArray<string>]> = [
  ['Task options', DOCKER_TASK, task],
  ['Plugin options', DOCKER_PLUGIN, plugin],
  ['Task options of the podman', PODMAN_TASK, [...task, ...plugin.map((name) => `plugin.${name}`)]]
]

describe(PAGE, () => {
  it.each(TABLES)('%s: has a row for every option, once, and for no other', (heading, options) => {
    expect(rows(heading).flatMap(({ names }) => names).sort()).toEqual([...options].sort())
  })

  it.each([...TABLES, ['Words from elsewhere', [], task] as const])('%s: every name here is an option', (heading, _options, known) => {
    expect(rows(heading).length).toBeGreaterThan(5)
    for (const { names, here } of rows(heading)) {
      if (here === 'none') continue
      expect({ names, here: quoted(here).filter((name) => !known.includes(name)) }).toEqual({ names, here: [] })
      expect(quoted(here).length).toBeGreaterThan(0)
    }
  })

  it('an option that exists here under the same name is not called none', () => {
    for (const [heading, , known] of TABLES) {
      for (const { names, here } of rows(heading)) if (here === 'none') expect(names.filter((name) => known.includes(name))).toEqual([])
    }
  })

  it('every name that a refusal explains has a row', () => {
    const told = ['Task options', 'Task options of the podman', 'Words from elsewhere'].flatMap((heading) => rows(heading)).flatMap(({ names }) => names)
    expect(Object.keys(elsewhere).filter((name) => !told.includes(name))).toEqual([])
  })

  it('says of the policy what the policy is', () => {
    const names = rows('Policy').flatMap((row) => row.names)
    expect(names.filter((name) => !plugin.includes(name))).toEqual([])
    const hardening = Object.entries(PluginConfig.fields).filter(([, { absent }]) => absent._tag === 'Hardening').map(([name]) => name)
    expect(hardening.filter((name) => !names.includes(name) && name !== 'seccomp_profile_dir')).toEqual([])
  })
})

// ---- HCL in the pages ----

interface Snippet {
  readonly name: string
  readonly kind: 'job' | 'plugin'
  readonly source: string
}

/** A whole document from a part of one. */
const whole = (text: string): Pick<Snippet, 'kind' | 'source'> => {
  const [first = ''] = text.split(/[\s{]/)
  switch (first) {
    case 'plugin':
      return { kind: 'plugin', source: text }
    case 'config':
      return whole(`task "t" {\ndriver = "containerd-driver"\n${text}\n}`)
    case 'task':
      return whole(`group "g" {\n${text}\n}`)
    case 'group':
      return whole(`job "j" {\n${text}\n}`)
    default:
      return { kind: 'job', source: text }
  }
}

const snippets: ReadonlyArray<Snippet> = DOCS.flatMap((file) =>
  [...read(file).matchAll(/^ *```hcl\n([^]*?)^ *```$/gm)].map(([, text = ''], index) => ({ name: `${file} ${index + 1}`, ...whole(text.trim()) })))

/** Nomad's own parser. A missing one is an error that says how to make it. */
const WASM = path.join(ROOT, 'dist/jobspec.wasm')

const PLUGIN = { containerd_runtime: 'io.containerd.runc.v2' }

/** What stands at the end of a path of keys and indices. */
const at = (value: unknown, ...keys: ReadonlyArray<string | number>): unknown =>
  keys.reduce<unknown>((inner, key) => (inner as Readonly<Record<string | number, unknown>>)[key], value)

const refusalsOf = (snippet: Snippet, value: unknown): string => {
  if (snippet.kind === 'plugin') {
    const outcome = PluginConfig.codec.decode(fromHcl(PluginConfig.fields, at(value, 'plugin', 0, 'containerd-driver', 0, 'config', 0)))
    return E.isLeft(outcome) ? 'is no config of the plugin' : ''
  }
  const job = Job.decode(value)
  if (E.isLeft(job)) return explain.issues(job.left)
  const [place] = Job.placesOf(job.right)
  if (place === undefined) return 'has no task'
  const outcome = E.chain(decode)(withoutUnknown({ ...toDocuments(place).documents, plugin: PLUGIN }))
  return E.isLeft(outcome) ? explain.issues(outcome.left) : ''
}

describe('HCL in the pages', () => {
  let results: ReadonlyArray<HclResult> = []

  beforeAll(async () => { results = await parseHcl(WASM, snippets) })

  it.each(snippets.map((snippet, index) => [snippet.name, index] as const))('%s is a job or a config that is accepted', (_name, index) => {
    const result = results[index]!
    expect(result.ok ? '' : result.faults.map(({ message }) => message).join()).toBe('')
    if (result.ok) expect(refusalsOf(snippets[index]!, result.value)).toBe('')
  })
})

// ---- docs/sample.md ----

describe('docs/sample.md', () => {
  const page = read('docs/sample.md')
  const block = (language: string): string => new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? ''

  it('has every fact about the host in its table', () => {
    const named = section('docs/sample.md', 'Host').split('\n').filter((line) => line.startsWith('| `')).flatMap((line) => quoted(line.split('|')[1] ?? ''))
    expect([...named].sort()).toEqual(Object.keys(SAMPLE_HOST).sort())
  })

  it('names every section of a facts file', () => {
    const outcome = factsFile.decode({ nothing: 1 })
    const [, sections = ''] = /is none of (.*)$/.exec(E.isLeft(outcome) ? outcome.left[0].reason : '') ?? []
    const bullets = [...section('docs/sample.md', 'The facts file').matchAll(/^\* `([a-z]+)`:/gm)].map(([, name = '']) => name)
    expect(bullets).toEqual(sections.split(', '))
  })

  it('has a facts file and a job that fit', async () => {
    const [job] = await parseHcl(WASM, [{ kind: 'job', name: 'redis.nomad.hcl', source: block('hcl') }])
    const facts = rightOf(factsFile.decode(JSON.parse(block('json'))))
    const place = Job.placesOf(rightOf(Job.decode(job?.ok === true ? job.value : undefined)))[0]!
    const request = rightOf(E.chain(decode)(withoutUnknown({ ...toDocuments(place).documents, plugin: PLUGIN })))
    const { spec: { process, linux } } = rightOf(translate(request, sampleFacts(questionsOf(request), facts, empty)))
    expect(process).toMatchObject({ args: ['docker-entrypoint.sh', 'redis-server'], cwd: '/data', user: { uid: 999 } })
    expect(linux.devices?.map(({ path: device }) => device)).toEqual(['/dev/sgx_enclave'])
  })
})

// ---- docs/golden.md ----

describe('docs/golden.md', () => {
  it('has every option of the config file', () => {
    const told = [...section('docs/golden.md', 'containerd-driver.json').matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, names = '']) => [...names.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name))
    expect(told.sort()).toEqual(Object.keys(GoldenConfig.fields).sort())
  })

  it('shows a config that decodes', () => {
    const [, text = ''] = /```json\n([^]*?)```/.exec(read('docs/golden.md')) ?? []
    expect(GoldenConfig.codec.decode(JSON.parse(text))).toMatchObject({ _tag: 'Right' })
  })
})
