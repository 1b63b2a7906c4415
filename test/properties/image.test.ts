import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { Compiled } from '../../src/core/compile/Compiled'
import { Secret } from '../../src/core/domain/Secret'
import { Facts } from '../../src/core/facts/Facts'
import * as ImageConfig from '../../src/core/image/ImageConfig'
import { Case, cases, compiledOf, rightOf } from '../../src/testing/facts'
import { envLines, envName, imageConfig } from '../../src/testing/imageConfig'
import { anyText } from '../../src/testing/ofFields'

const withImage = (given: Case, config: ImageConfig.ImageConfig): Facts => ({
  ...given.facts,
  images: Object.fromEntries(Object.entries(given.facts.images).map(([name, image]) => [name, { ...image, config }]))
})

const compiledWith = (given: Case, config: ImageConfig.ImageConfig): Compiled => compiledOf({ ...given, facts: withImage(given, config) })

const imageOf = ({ facts }: Case): ImageConfig.ImageConfig => Object.values(facts.images)[0]?.config ?? ImageConfig.empty

/** What is compiled without the five things that an image may say (and the ids of the pipes' owner, which is the user). */
const withoutImagesWords = ({ spec, container, stop: _stop, ...rest }: Compiled): unknown => {
  const { args: _args, env: _env, cwd: _cwd, user: _user, ...process } = spec.process
  return { ...rest, spec: { ...spec, process }, container: { ...container, runtime: container.runtime.name } }
}

const toDocument = (config: ImageConfig.ImageConfig): object => ({
  architecture: config.architecture,
  config: {
    Env: config.env, User: config.user, WorkingDir: config.cwd, Entrypoint: config.entrypoint, Cmd: config.cmd, StopSignal: config.stopSignal
  }
})

const valueOf = (name: string, { spec }: Compiled): string | undefined =>
  spec.process.env.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1)

describe('an image decides what runs, and nothing about the host', () => {
  it('another image config changes args, env, cwd, user and stop signal at most', () => {
    fc.assert(fc.property(cases, imageConfig, (given, other) => {
      expect(withoutImagesWords(compiledWith(given, other))).toEqual(withoutImagesWords(compiledOf(given)))
    }))
  })

  it('labels, volumes, ports and whatever else the document says change nothing', () => {
    const noise = fc.dictionary(fc.constantFrom('Labels', 'Volumes', 'ExposedPorts', 'Healthcheck', 'OnBuild', 'x'), fc.jsonValue())
    fc.assert(fc.property(imageConfig, noise, noise, (config, inside, outside) => {
      const { architecture, config: said } = toDocument(config) as { architecture: string; config: object }
      const read = rightOf(ImageConfig.decode({ ...outside, architecture, config: { ...inside, ...said } }))
      expect(read).toEqual(config)
    }))
  })

  it('a null or absent part of the config is an empty one', () => {
    fc.assert(fc.property(fc.subarray(['Env', 'User', 'WorkingDir', 'Entrypoint', 'Cmd', 'StopSignal']), (absent) => {
      const config = Object.fromEntries(absent.map((name) => [name, null]))
      expect(ImageConfig.decode({ config })).toEqual(E.right(ImageConfig.empty))
    }))
  })

  it('an entrypoint of the job changes neither user nor environment', () => {
    fc.assert(fc.property(cases, anyText.filter((text) => text !== ''), (given, entrypoint) => {
      const task = { ...given.request.task, entrypoint: [entrypoint] }
      const { args: _, ...rest } = compiledOf({ ...given, request: { ...given.request, task } }).spec.process
      const { args: __, ...before } = compiledOf(given).spec.process
      expect(rest).toEqual(before)
    }))
  })
})

describe("Nomad's environment wins over the image's", () => {
  it('wherever both set a name, the task sees Nomad\'s value', () => {
    fc.assert(fc.property(cases, envLines, (given, lines) => {
      const nomad = given.request.allocation.env
      const clash = Object.keys(nomad).map((name) => `${name}=of the image`)
      const compiled = compiledWith(given, { ...imageOf(given), env: [...lines, ...clash] })
      for (const [name, value] of Object.entries(nomad)) expect(valueOf(name, compiled)).toBe(value.reveal())
    }))
  })

  it('a name that only the image sets keeps the image\'s value', () => {
    fc.assert(fc.property(cases, envName, anyText, (given, name, value) => {
      fc.pre(!Object.hasOwn(given.request.allocation.env, name))
      expect(valueOf(name, compiledWith(given, { ...imageOf(given), env: [`${name}=${value}`] }))).toBe(value)
    }))
  })

  it('CDI devices stand between: before the image\'s words, behind Nomad\'s', () => {
    fc.assert(fc.property(cases.filter(({ request }) => request.task.devices.some((device) => typeof device === 'string' && device.startsWith('vendor.com/'))), fc.boolean(), (given, named) => {
      const env = { ...given.request.allocation.env, ...(named ? { VENDOR: Secret('of Nomad') } : {}) }
      const request = { ...given.request, allocation: { ...given.request.allocation, env } }
      const facts = withImage(given, { ...imageOf(given), env: ['VENDOR=of the image'] })
      expect(valueOf('VENDOR', compiledOf({ request, facts }))).toBe(named ? 'of Nomad' : '1')
    }), { numRuns: 50 })
  })

  it('there is always a PATH', () => {
    fc.assert(fc.property(cases, (given) => { expect(valueOf('PATH', compiledWith(given, { ...imageOf(given), env: [] }))).toBeDefined() }))
  })
})
