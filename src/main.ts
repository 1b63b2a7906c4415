const COOKIE = 'e4327c2e01eabfd75a8a67adb114fb34a757d57eee7728d857a8cec6e91a7255'

/** One executable, two faces: started by Nomad (magic cookie in the environment) it is the plugin, else the CLI. */
const main = async (): Promise<void> => {
  if (process.env['NOMAD_PLUGIN_MAGIC_COOKIE'] === COOKIE) {
    const { serve } = await import('./plugin/serve')
    await serve()
  } else {
    const { cli } = await import('./cli/cli')
    process.exitCode = await cli(process.argv.slice(2))
  }
}

void main()
