import * as F from '../field/Field'
import { fieldsCodec } from '../field/fieldsCodec'
import * as K from '../field/Kind'

/** A rule that hides a known difference. */
const ignore = {
  path: F.required(
    K.text,
    'Place of the difference, as `diff --format json` calls its key, such as `/container/labels/*`.'
  ),
  task: F.optional(K.text, 'Only for tasks of this name (`group/task`, with `*`).'),
  reason: F.required(K.text, 'Why the difference is wanted.')
}

/**
 * The options of `containerd-driver.json`, by which `golden check` knows what to compare. Paths are relative to that
 * file.
 */
export const fields = {
  jobs: F.required(
    K.texts,
    'Job files and fixture directories; `*` stands for any letters of a name, `**` for any directories.'
  ),
  goldens: F.withDefault(K.text, 'goldens', 'Directory of the expected results.'),
  plugin: F.optional(K.text, "The operator's plugin config (HCL or JSON)."),
  facts: F.optional(K.text, 'Answers about host and images, as `facts` prints them.'),
  lock: F.optional(K.text, 'Digests and configs of images, as `lock` writes them.'),
  vars: F.orEmpty(K.textMap, {}, 'Variables of HCL jobs.'),
  var_files: F.orEmpty(K.texts, [], 'Files with variables of HCL jobs.'),
  show_env: F.orEmpty(K.texts, [], 'Environment variables (names, with `*`) whose values are stored and so compared.'),
  ignore: F.orEmpty(K.blocks(ignore), [], 'Differences that are known and wanted.')
} as const satisfies F.Fields

export type GoldenConfig = F.TypeOf<typeof fields>

export const codec = fieldsCodec('golden', fields)

/** The codec of a file that holds ignore rules only: `{ "ignore": [...] }`. */
export const ignoreCodec = fieldsCodec('file', {
  ignore: F.required(K.blocks(ignore), 'Differences that are known and wanted.')
})
