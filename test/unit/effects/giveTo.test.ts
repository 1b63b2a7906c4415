import * as fs from 'node:fs'
import * as path from 'node:path'

import { giveTo } from '../../../src/effects/rootfs/giveTo'
import { workDir } from '../../fakes/commandLine'

const dir = workDir()
const RANGES = [{ containerID: 0, hostID: 100_000, size: 1000 }]
const never = new AbortController().signal
const ownerOf = (name: string): string => {
  const { uid, gid } = fs.lstatSync(path.join(dir, name))
  return `${String(uid)}:${String(gid)}`
}

beforeEach(() => {
  fs.rmSync(dir, { recursive: true, force: true })
  fs.mkdirSync(path.join(dir, 'a/b'), { recursive: true })
  fs.writeFileSync(path.join(dir, 'a/file'), '')
  fs.chownSync(path.join(dir, 'a/file'), 5, 7)
  fs.chmodSync(path.join(dir, 'a/file'), 0o6755)
  fs.linkSync(path.join(dir, 'a/file'), path.join(dir, 'a/b/again'))
  fs.symlinkSync('/etc/passwd', path.join(dir, 'a/link'))
})

it('gives each file once, its special bits kept, and follows no link', async () => {
  const passwd = fs.statSync('/etc/passwd')
  await giveTo(RANGES, dir, never)
  expect(['.', 'a', 'a/b', 'a/file', 'a/b/again', 'a/link'].map(ownerOf)).toEqual([
    '100000:100000', '100000:100000', '100000:100000', '100005:100007', '100005:100007', '100000:100000'
  ])
  expect((fs.statSync(path.join(dir, 'a/file')).mode & 0o7777).toString(8)).toBe('6755')
  expect(fs.statSync('/etc/passwd')).toMatchObject({ uid: passwd.uid, gid: passwd.gid })
})

it('names a file of an id that is not mapped', async () => {
  fs.chownSync(path.join(dir, 'a/b'), 1000, 0)
  await expect(giveTo(RANGES, dir, never)).rejects.toMatchObject({
    failure: { _tag: 'Invalid', detail: '/a/b belongs to 1000:0, which `userns` does not map; map it, or use another image' }
  })
})

it('gives files whose names are no text', async () => {
  const odd = Buffer.concat([Buffer.from(`${dir}/a/n`), Buffer.from([0xff])])
  fs.writeFileSync(odd, '')
  fs.writeFileSync(`${dir}/a/n\ufffd`, '')
  await giveTo(RANGES, dir, never)
  expect([fs.lstatSync(odd).uid, fs.lstatSync(`${dir}/a/n\ufffd`).uid]).toEqual([100_000, 100_000])
})

it('ends when nobody wants it any more', async () => {
  await expect(giveTo(RANGES, dir, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
})
