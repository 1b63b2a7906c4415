import { Facts } from '../core/facts/Facts'
import { ImageConfig } from '../core/image/ImageConfig'
import { FactsDocument } from '../lib/FactsDocument'

/** Facts as a facts file has them; a CDI file that could not be read is not among them. */
export const factsDocument = ({ host, images, paths, devices, files, cdi }: Facts): FactsDocument => ({
  ...(host === undefined ? {} : { host }),
  ...(cdi === undefined
    ? {}
    : { cdi: Object.fromEntries(cdi.flatMap((file) => ('document' in file ? [[file.path, file.document]] : []))) }),
  images: Object.fromEntries(
    Object.entries(images).map(([name, { config, ...rest }]) => [name, { ...rest, config: imageDocument(config) }])
  ),
  paths,
  devices,
  files
})

const imageDocument = ({ architecture, env, user, cwd, entrypoint, cmd, stopSignal }: ImageConfig): unknown => ({
  architecture,
  config: { Env: env, User: user, WorkingDir: cwd, Entrypoint: entrypoint, Cmd: cmd, StopSignal: stopSignal }
})
