import { jsonPositions } from '../../../src/core/domain/jsonPositions'
import { positionsOfJson } from '../../../src/core/job/positionsOfJson'

const TEXT = `{
  "ID": "j",
  "TaskGroups": [
    {
      "Name": "web",
      "Networks": [{ "Mode": "bridge", "DynamicPorts": [{ "Label": "http" }] }],
      "Tasks": [
        {
          "Name": "app",
          "Driver": "containerd-driver",
          "User": "me",
          "Env": { "A": "1", "b.c": "2" },
          "Config": {
            "image": "x",
            "mounts": [{ "target": "/a" }]
          },
          "Resources": { "CPU": 1, "MemoryMB": 2, "MemoryMaxMB": 3, "Devices": [{ "Name": "gpu" }] },
          "VolumeMounts": [{ "ReadOnly": true }],
          "Leader": false
        },
        { "Name": "side", "Driver": "x" }
      ]
    }
  ]
}`

const positions = (text: string): unknown => positionsOfJson(JSON.parse(text), jsonPositions(text))

describe('where the parts of a JSON job are written', () => {
  it('is told for each task, under the names that an HCL job has', () => {
    expect(positions(TEXT)).toEqual({
      'web/app': {
        'network[0]': [6, 20], 'network[0].mode': [6, 22], 'network[0].dynamic_ports': [6, 40],
        'network[0].dynamic_ports[0]': [6, 57], 'network[0].dynamic_ports[0].label': [6, 59],
        task: [8, 9], driver: [10, 11], 'allocation.user': [11, 11],
        'allocation.env': [12, 11], 'allocation.env.A': [12, 20], 'allocation.env.b.c': [12, 30],
        'task.image': [14, 13], 'task.mounts': [15, 13], 'task.mounts[0]': [15, 24], 'task.mounts[0].target': [15, 26],
        resources: [17, 11], 'resources.cpu': [17, 26], 'resources.memory': [17, 36], 'resources.memory_max': [17, 51],
        'resources.device': [17, 69], 'resources.device[0]': [17, 81], 'resources.device[0].name': [17, 83],
        volume_mount: [18, 11], 'volume_mount[0]': [18, 28], 'volume_mount[0].read_only': [18, 30]
      },
      'web/side': expect.objectContaining({ task: [21, 9], driver: [21, 27] })
    })
  })

  it('is the same under "Job"', () => {
    const wrapped = `{"Other": 1, "Job":\n${TEXT}}`
    expect(positions(wrapped)).toMatchObject({ 'web/app': { 'task.image': [15, 13], 'network[0].mode': [7, 22] }, 'web/side': { task: [22, 9] } })
  })

  it.each(['null', '[]', '{"Job": null}', '{"TaskGroups": [{"Tasks": null}, 1]}'])('is empty for %s', (text) => { expect(positions(text)).toEqual({}) })
})
