import * as fs from 'node:fs'
import * as path from 'node:path'

import * as fc from 'fast-check'

import { isOpen, readingOf } from '../../../src/core/diff/lists'
import { isJsonList, isJsonRecord, Json } from '../../../src/core/domain/Json'
import { fullDocument } from '../../../src/core/fullDocument'
import { RULES } from '../../../src/core/judge/judge'
import { cases, compiledOf } from '../../../src/testing/facts'

const FOLDER = '/usr/share/gocode/src/github.com/opencontainers/runtime-spec/schema'

type Schema = Readonly<Record<string, unknown>>

const read = (name: string): Schema => JSON.parse(fs.readFileSync(path.join(FOLDER, name), 'utf8')) as Schema

/** Whether the items of a list are places of their own. Rules of the filter are, one for each system call. */
const hasItems = (place: string): boolean => readingOf(place)._tag !== 'Plain' || place === 'spec/linux/seccomp/syscalls'

/** What a `$ref` of the schema points at. */
const target = (file: string, reference: string): readonly [string, Schema] => {
  const [name, pointer = ''] = reference.split('#') as [string, string?]
  const inFile = name === '' ? file : name
  const found = pointer.split('/').filter((step) => step !== '').reduce<unknown>((here, step) => (here as Schema)[step], read(inFile))
  return [inFile, found as Schema]
}

/** Every place that the OCI schema has, as the tables write them. */
const placesOf = (file: string, schema: Schema, place: string): ReadonlyArray<string> => {
  const reference = schema['$ref']
  if (typeof reference === 'string') return placesOf(...target(file, reference), place)
  const parts = [...['allOf', 'anyOf', 'oneOf'].flatMap((name) => (schema[name] as ReadonlyArray<Schema> | undefined) ?? [])].flatMap((part) => placesOf(file, part, place))
  const properties = Object.entries((schema['properties'] as Readonly<Record<string, Schema>> | undefined) ?? {})
  const members = properties.flatMap(([name, member]) => placesOf(file, member, `${place}/${isOpen(place) ? '*' : name}`))
  const items = schema['items'] === undefined || !hasItems(place) ? [] : placesOf(file, schema['items'] as Schema, `${place}/*`)
  return [place, ...(isOpen(place) ? [`${place}/*`] : []), ...parts, ...members, ...items]
}

const placesIn = (value: Json, place: string): ReadonlyArray<string> => {
  const below = (name: string): string => (place === '' ? name : `${place}/${name}`)
  if (isJsonList(value)) return [place, ...(!hasItems(place) ? [] : value.flatMap((item) => placesIn(item, below('*'))))]
  return isJsonRecord(value) ? [place, ...Object.entries(value).flatMap(([name, item]) => placesIn(item, below(isOpen(place) ? '*' : name)))] : [place]
}

describe('the tables of the judge', () => {
  it('name places of a spec that the OCI schema has', () => {
    const known = new Set(placesOf('config-schema.json', read('config-schema.json'), 'spec'))
    const odd = Object.keys(RULES).filter((place) => place.startsWith('spec/') && !known.has(place))
    expect(odd).toEqual([])
  })

  it('name places beside it that the document of some case has', () => {
    const documents = fc.sample(cases, { numRuns: 600, seed: 7 }).map((given) => fullDocument(given.request, compiledOf(given)))
    const known = new Set(documents.flatMap((document) => placesIn(document, '')))
    // No fixture of a refused case is a document; what a network is joined with, few random tasks have.
    const elsewhere = ['driver', 'left', 'left/*', 'issues', 'issues/*', 'network/ports/*', 'network/of/*']
    expect(Object.keys(RULES).filter((place) => !place.startsWith('spec/') && !place.startsWith('job/') && !known.has(place) && !elsewhere.includes(place) && !place.startsWith('network/attachment/'))).toEqual([])
  })
})
