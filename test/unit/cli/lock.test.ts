import * as fs from 'node:fs'
import * as path from 'node:path'

import { commandLine, job, put, workDir } from '../../fakes/commandLine'

const dir = workDir()
const file = (name: string): string => path.join(dir, name)
const SHOP = path.join(__dirname, '../../../examples/shop/images.lock.json')

beforeAll(() => {
  put(dir, { 'docker.nomad.hcl': job({ other: '      driver = "docker"' }) })
  fs.copyFileSync(SHOP, file('images.lock.json'))
})

describe('lock', () => {
  it('does not keep entries of one platform in a lock for another', async () => {
    const { stderr, exitCode } = await commandLine('lock', file('docker.nomad.hcl'), '--keep', '--platform', 'linux/arm64', '-o', file('images.lock.json'))
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--platform linux/arm64: --keep would keep entries of linux/amd64')])
    expect(fs.readFileSync(file('images.lock.json'))).toEqual(fs.readFileSync(SHOP))
  })

  it('keeps them where the platform is the same', async () => {
    const keep = ['lock', file('docker.nomad.hcl'), '--keep', '-o', file('images.lock.json')]
    expect((await commandLine(...keep)).exitCode).toBe(0)
    expect(await commandLine(...keep)).toMatchObject({ exitCode: 0, stdout: `${file('images.lock.json')}: 4 images, unchanged\n` })
    expect(Object.keys(JSON.parse(fs.readFileSync(file('images.lock.json'), 'utf8')).images)).toEqual(Object.keys(JSON.parse(fs.readFileSync(SHOP, 'utf8')).images))
  })

  it('is left as it is by jobs that have no image, unless it is told to keep all', async () => {
    expect(await commandLine('lock', file('docker.nomad.hcl'), '-o', file('images.lock.json'))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is left as it is') })
  })
})
