import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { CdiFile } from '../cdi/CdiFile'
import { collected, collectedList, unless } from '../domain/collected'
import { placeIn } from '../domain/DocumentPath'
import { deepest, Issue, Issues } from '../domain/Issue'
import { contextPath } from '../field/contextPath'
import * as ImageConfig from '../image/ImageConfig'
import * as ImageReference from '../image/ImageReference'
import { ConflistFacts, Facts, FileFacts, HostFacts, ImageFacts } from './Facts'
import { file, hostFile, image, SECTIONS } from './factsShape'
import { SAMPLE_HOST } from './sampleFacts'

/**
 * Reads a facts file: what the host and the image would answer. A `host` may be given in part, the sample's host is the
 * rest. Images are named as a job names them; their `config` is an OCI image config.
 */
export const decode = (value: unknown): E.Either<Issues, Facts> =>
  E.chain(({ sections }: { readonly sections: Sections }) => factsOf(sections))(
    collected({ known: unless(unknownSections(value), true), sections: sectionsOf(value) })
  )

type Sections = t.TypeOf<typeof file>

const unknownSections = (value: unknown): ReadonlyArray<Issue> =>
  Object.keys(t.UnknownRecord.is(value) ? value : {})
    .filter((key) => !SECTIONS.includes(key))
    .map((key) => Issue('UnknownOption', placeIn('facts', key), undefined, `is none of ${SECTIONS.join(', ')}`))

const sectionsOf = (value: unknown): E.Either<ReadonlyArray<Issue>, Sections> =>
  E.mapLeft((errors: t.Errors) => deepest(errors.map(toIssue)))(file.decode(value))

const toIssue = ({ context, value }: t.ValidationError): Issue =>
  Issue('WrongType', contextPath('facts', context), value, 'is not what a facts file has there')

const factsOf = ({ host, images, paths, devices, files, cdi, network, conflists }: Sections): E.Either<Issues, Facts> =>
  E.map((all: ReadonlyArray<Named>): Facts => ({
    ...(host === undefined ? {} : { host: withSample(host) }),
    images: Object.fromEntries(all),
    paths: paths ?? {},
    devices: devices ?? {},
    files: Object.fromEntries(Object.entries(files ?? {}).map(([name, given]) => [name, fileOf(name, given)])),
    ...(cdi === undefined ? {} : { cdi: cdiOf(cdi) }),
    ...(network === undefined ? {} : { network }),
    ...conflistsOf(conflists)
  }))(collectedList(Object.entries(images ?? {}).map(([name, given]) => imageOf(name, given))))

const fileOf = (path: string, given: t.TypeOf<typeof hostFile>): FileFacts =>
  given.kind === 'file'
    ? { kind: 'file', realPath: given.realPath ?? path, text: given.text }
    : { kind: 'absent', reason: given.reason ?? 'does not exist on the host' }

/** CDI documents by path, in the order in which the host reads them: directory by directory, /var/run after /etc. */
const cdiOf = (documents: Readonly<Record<string, unknown>>): ReadonlyArray<CdiFile> =>
  Object.entries(documents).sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, document]) =>
    isUnreadable(document) ? { path, unreadable: document.unreadable } : { path, document })

/** Conflists by the names of their networks; one of only `absent` is none, and says why. */
const conflistsOf = (documents: Readonly<Record<string, unknown>> | undefined): Pick<Facts, 'conflists'> =>
  documents === undefined
    ? {}
    : {
        conflists: Object.fromEntries(
          Object.entries(documents).map(([name, document]): readonly [string, ConflistFacts] =>
            [name, isAbsent(document) ? document : { document }])
        )
      }

const isAbsent = (document: unknown): document is { readonly absent: string } =>
  t.type({ absent: t.string }).is(document) && Object.keys(document).length === 1

/** How a facts file says that the host has a CDI file and could not read it: no CDI document is one text. */
const isUnreadable = (document: unknown): document is { readonly unreadable: string } =>
  t.type({ unreadable: t.string }).is(document) && Object.keys(document).length === 1

const withSample = (given: Partial<HostFacts>): HostFacts => ({ ...SAMPLE_HOST, ...given })

type Named = readonly [string, ImageFacts]

const imageOf = (name: string, given: t.TypeOf<typeof image>): E.Either<ReadonlyArray<Issue>, Named> => {
  const reference = ImageReference.parse(name)
  const full = E.isRight(reference) ? reference.right.name : name
  return E.map((config: ImageConfig.ImageConfig): Named => [
    full,
    {
      digest: given.digest,
      chainId: given.chainId,
      config,
      passwd: given.passwd ?? '',
      group: given.group ?? '',
      ...(given.unread === undefined ? {} : { unread: given.unread }),
      ...(given.places === undefined ? {} : { places: given.places })
    }
  ])(ImageConfig.decode(given.config ?? {}))
}

/**
 * The facts as a document that `decode` reads back as the same facts. Names of images and paths of CDI files have to be
 * as `answer` gives them: full, in order.
 */
export const encode = (facts: Facts): unknown => ({
  ...(facts.host === undefined ? {} : { host: facts.host }),
  ...(facts.cdi === undefined
    ? {}
    : {
        cdi: Object.fromEntries(
          facts.cdi.map((one) => [one.path, 'document' in one ? one.document : { unreadable: one.unreadable }])
        )
      }),
  ...filled(
    'images',
    Object.fromEntries(
      Object.entries(facts.images).map(([name, image]) => [
        name,
        { ...image, config: ImageConfig.encode(image.config) }
      ])
    )
  ),
  ...filled('paths', facts.paths),
  ...filled('devices', facts.devices),
  ...filled('files', facts.files),
  ...(facts.network === undefined ? {} : { network: facts.network }),
  ...filled(
    'conflists',
    Object.fromEntries(
      Object.entries(facts.conflists ?? {}).map(([name, one]) => [name, 'document' in one ? one.document : one])
    )
  )
})

const filled = (section: string, answers: object): object =>
  Object.keys(answers).length === 0 ? {} : { [section]: answers }
