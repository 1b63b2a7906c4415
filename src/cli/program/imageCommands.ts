import { Command, Option } from 'commander'

import type { GcOptions } from '../machine/gc/gc'
import type { ImagesOptions } from '../machine/images/images'
import { Output } from '../output/Output'

type Say = (output: Output) => void

const withPlugin = (command: Command): Command =>
  command.option('--plugin <file>', "the operator's plugin config, for address, namespace, snapshotter and gc")

/** Adds the commands about the images that a containerd has. */
export const addImages = (root: Command, say: Say): void => {
  withPlugin(root.command('images'))
    .description(
      'List the images of the namespace: what uses each, when that was last, and what `gc` would do with it and why.'
    )
    .addOption(new Option('--format <format>', 'how to tell it').choices(['text', 'json']).default('text'))
    .action(async (options: ImagesOptions) => {
      const { imagesCommand } = await import('../machine/images/images')
      say(await imagesCommand(options))
    })
  withPlugin(root.command('gc'))
    .description(
      'Remove images that nothing has used for `gc.image_delay`, of those that a Nomad client had pulled. The plugin does this by itself with `gc { image = true }`; this is for a host where it does not.'
    )
    .option('--dry-run', 'only tell what would be removed, and why')
    .option('--node <id>', 'the id of the Nomad client; left out, the only one that had images pulled here')
    .action(async (options: GcOptions) => {
      const { gcCommand } = await import('../machine/gc/gc')
      say(await gcCommand(options))
    })
}
