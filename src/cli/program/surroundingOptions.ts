import { Command, Option } from 'commander'

/** An option that may be given more than once. */
export const many = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((value: string, before: ReadonlyArray<string> | undefined) => [
    ...(before ?? []),
    value
  ])

/** The options that say what surrounds a job. */
export const withSurroundings = (command: Command): Command =>
  command
    .addOption(new Option('--task <group/task>', 'only this task of the job'))
    .addOption(
      new Option(
        '--plugin <file>',
        "the operator's plugin config: options, a plugin block or an agent file (HCL or JSON)"
      )
    )
    .addOption(new Option('--image-config <file>', 'an OCI image config, as `skopeo inspect --config` prints it'))
    .addOption(new Option('--facts <file>', 'answers about host and image, as `facts` prints them'))
    .addOption(new Option('--lock <file>', 'digests and configs of images, as `lock` writes them'))
    .addOption(many('--var <name=value>', 'a variable of an HCL job; may be given more than once'))
    .addOption(many('--var-file <file>', 'variables of HCL jobs; may be given more than once'))
    .addOption(filesBelow())
    .exitOverride()

/** From where jobs may read. */
export const filesBelow = (): Option =>
  many(
    '--files-below <dir>',
    "lets jobs read below this directory too, by `file` and its like; may be given more than once (their repository always)"
  )

/** Which values of the environment may be told. */
export const shownEnv = (): Option =>
  many('--show-env <pattern>', 'environment variables whose values may be shown, such as `NOMAD_*`')
