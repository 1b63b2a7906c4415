import { readdirSync } from 'node:fs'

import * as t from 'io-ts'

import { ConflistFacts, NetworkFacts } from '../../core/facts/Facts'
import { regularFile } from '../host/regularFile'
import { routes } from '../host/routes'
import { directoriesIn, findPlugin } from './runPlugin'

const listed = (directory: string): ReadonlyArray<string> => {
  try {
    return readdirSync(directory).sort()
  } catch {
    return []
  }
}

/** What this host has for networks that the driver makes: the plugins in the directories of CNI_PATH, and its routes. */
export const networkFacts = (path: string): NetworkFacts => {
  const names = directoriesIn(path).flatMap(listed)
  const plugins = [...new Set(names)].filter((name) => findPlugin(name, path) !== undefined)
  return { plugins: plugins.sort(), routes: routes() }
}

const named = t.type({ name: t.string })

/**
 * The conflist of this name among the files of a directory, in the order of their names (libcni's LoadConfList); a
 * configuration of one plugin counts as a list of one.
 */
export const conflistFacts = (name: string, directory: string): ConflistFacts => {
  const files = listed(directory).filter((file) => /\.(?:conflist|conf|json)$/.test(file))
  for (const file of files) {
    const document = documentOf(`${directory}/${file}`)
    if (named.is(document) && document.name === name)
      return { document: file.endsWith('.conflist') ? document : listOfOne(document) }
  }
  return { absent: `no conflist names the network ${JSON.stringify(name)}` }
}

const listOfOne = (document: { readonly name: string }): unknown => {
  const { name, cniVersion, ...plugin }: { readonly name: string; readonly cniVersion?: unknown } = document
  return 'plugins' in plugin ? document : { name, cniVersion, plugins: [plugin] }
}

const documentOf = (path: string): unknown => {
  try {
    return JSON.parse(regularFile(path).text) as unknown
  } catch {
    return undefined
  }
}
