import * as fc from 'fast-check'

import { fromHcl } from '../../src/core/decode/fromHcl'
import { codec, fields } from '../../src/core/decode/TaskConfig'
import { editJson } from '../../src/core/migrate/editJson'
import { Finding } from '../../src/core/migrate/Finding'
import { itemsOfJson } from '../../src/core/migrate/itemsOfJson'
import { migrateConfig } from '../../src/core/migrate/migrateConfig'
import { rows } from '../../src/core/migrate/rows/rows'
import { around, dockerConfig } from '../arbitraries/docker'

type Config = Readonly<Record<string, unknown>>

const migrated = (config: Config, near: Parameters<typeof migrateConfig>[1]): { readonly config: Config; readonly findings: ReadonlyArray<Finding> } => {
  const { edits, findings } = migrateConfig(itemsOfJson(config, '0'), near)
  return { config: editJson(config, edits, '0'), findings }
}

const decoded = (config: Config): unknown => codec.decode(fromHcl(fields, config))

const valueOf = (config: Config, name: string): unknown => {
  const outcome = decoded(config)
  return (outcome as { readonly right: Config }).right[name]
}

describe('a docker task that is migrated', () => {
  it('decodes', () => {
    fc.assert(fc.property(dockerConfig, around, (config, near) => {
      expect(decoded(migrated(config, near).config)).toMatchObject({ _tag: 'Right' })
    }))
  })

  it('has every option told of, once or in parts', () => {
    fc.assert(fc.property(dockerConfig, around, (config, near) => {
      const { findings } = migrated(config, near)
      const silent = Object.entries(config).filter(([name, value]) => !(Array.isArray(value) && value.length === 0) && !findings.some(({ option }) => option === name || option.startsWith(`${name}.`)))
      // A map that is empty and a block that says nothing have no parts.
      expect(silent.filter(([name]) => rows[name]?.each === undefined && rows[name]?.rows === undefined)).toEqual([])
    }))
  })

  it('keeps what is called equal as it was, with its meaning', () => {
    fc.assert(fc.property(dockerConfig, around, (config, near) => {
      const made = migrated(config, near)
      const equal = made.findings.filter(({ option, tag }) => tag === 'Equal' && !option.includes('.')).map(({ option }) => option)
      for (const option of equal.filter((name) => !name.startsWith('mount'))) {
        expect({ option, value: made.config[option] }).toEqual({ option, value: config[option] })
        const alone = { image: 'redis', ...(option in config ? { [option]: config[option] } : {}) }
        expect(valueOf(made.config, option)).toEqual(valueOf(alone, option))
      }
    }))
  })

  it('keeps nothing that is called missing, and says why', () => {
    fc.assert(fc.property(dockerConfig, around, (config, near) => {
      const made = migrated(config, near)
      for (const { option, text } of made.findings.filter(({ tag }) => tag === 'Missing')) {
        expect(text).not.toBe('')
        if (!option.includes('.') && !option.startsWith('mount')) expect(Object.keys(made.config)).not.toContain(option)
      }
    }))
  })

  it('has nothing that shows a password', () => {
    fc.assert(fc.property(dockerConfig, around, fc.constantFrom('s3cret-1', 'p\u0000w'), (config, near, password) => {
      const { findings } = migrated({ ...config, auth: { username: 'bob', password } }, near)
      expect(JSON.stringify(findings)).not.toContain(password)
    }))
  })
})
