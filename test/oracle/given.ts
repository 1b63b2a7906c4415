import { DeviceFacts, Facts, HostFacts, ImageFacts } from '../../src/core/facts/Facts'
import { Case } from '../../src/testing/facts'
import { Document } from '../../src/testing/ofFields'

/** The documents of a case, each as it came. */
export interface Given {
  readonly id: string
  readonly task: Document
  readonly plugin: Document
  readonly allocation: Document
  readonly host: HostFacts
  readonly image: ImageFacts
  readonly devices: Readonly<Record<string, DeviceFacts>>
  readonly files: Facts['files']
  readonly cdi: NonNullable<Facts['cdi']>
}

/** The container's id is not decided here: whoever makes a container gives it one. */
export const givenOf = ({ documents, facts }: Pick<Case, 'documents' | 'facts'>, id: string): Given => {
  const [image] = Object.values(facts.images)
  if (image === undefined || facts.host === undefined) throw new Error('the case has no image or no host')
  return {
    id, image, host: facts.host, devices: facts.devices, files: facts.files, cdi: facts.cdi ?? [],
    task: documents.task as Document, plugin: documents.plugin as Document, allocation: documents.allocation as Document
  }
}
