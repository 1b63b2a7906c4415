import { jsonPositions } from '../../../src/core/domain/jsonPositions'
import { pluginPositionsOfJson } from '../../../src/core/job/pluginPositionsOfJson'

const positions = (text: string): unknown => pluginPositionsOfJson(JSON.parse(text), jsonPositions(text))['plugin']

describe("where the operator's options are written in JSON", () => {
  it('is told of a bare document', () => {
    expect(positions('{\n  "seccomp": true,\n  "volumes": {\n    "allowed_paths": ["/srv"] } }')).toEqual({
      'plugin.seccomp': [2, 3], 'plugin.volumes': [3, 3], 'plugin.volumes.allowed_paths': [4, 5], 'plugin.volumes.allowed_paths[0]': [4, 23]
    })
  })

  it.each([
    ['maps', '{ "plugin": { "containerd-driver": { "config": {\n  "seccomp": true } } } }'],
    ['lists, as HCL 1 has blocks', '{ "plugin": [{ "containerd-driver": [{ "config": [{\n  "seccomp": true }] }] }] }'],
    ['another plugin before it', '{ "plugin": [{ "docker": { "config": { "a": 1 } } }, { "containerd-driver": { "config": {\n  "seccomp": true } } }] }']
  ])('is told of a block in %s', (_what, text) => {
    expect(positions(text)).toEqual({ plugin: [1, expect.any(Number)], 'plugin.seccomp': [2, 3] })
  })

  it.each(['null', '[]', '{"plugin": null}', '{"plugin": {"docker": {"config": {"seccomp": 1}}}}'])('is empty for %s', (text) => { expect(Object.keys(positions(text) as object).filter((path) => path !== 'plugin.plugin')).toEqual([]) })
})
