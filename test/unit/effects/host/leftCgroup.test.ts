import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { removeLeftCgroup } from '../../../../src/effects/host/leftCgroup'

const root = mkdtempSync(join(tmpdir(), 'cgroups-'))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const mountinfo = ['memory', 'cpu,cpuacct'].map((name, index) => `${String(index)} 1 0:1 / ${root}/${name} rw - cgroup cgroup rw,${name}`).join('\n')
  + `\n9 1 0:1 /docker/x ${root}/elsewhere rw - cgroup cgroup rw,pids\n8 1 0:1 / ${root}/unified rw - cgroup2 cgroup2 rw`

const makes = (...places: ReadonlyArray<string>): void => { for (const place of places) mkdirSync(join(root, place), { recursive: true }) }

describe('a cgroup that whoever made it could not tell of', () => {
  it('is removed in every hierarchy, and nothing beside it', async () => {
    makes('memory/nomad/web-1', 'cpu,cpuacct/nomad/web-1', 'unified/nomad/web-1', 'elsewhere/nomad/web-1', 'memory/nomad/web-2')
    await removeLeftCgroup('/nomad/web-1', mountinfo)
    expect(['memory', 'cpu,cpuacct', 'unified'].map((one) => existsSync(join(root, one, 'nomad/web-1')))).toEqual([false, false, false])
    expect(['elsewhere/nomad/web-1', 'memory/nomad/web-2'].map((one) => existsSync(join(root, one)))).toEqual([true, true])
    await removeLeftCgroup('/nomad/web-1', mountinfo)
  })

  it('stays where something else is in it, and its processes are the kernel\'s to tell', async () => {
    const child = spawn('sleep', ['1000'])
    makes('memory/nomad/web-3')
    writeFileSync(join(root, 'memory/nomad/web-3/cgroup.procs'), `${String(child.pid)}\n`)
    await removeLeftCgroup('/nomad/web-3', mountinfo)
    // A directory of files is no cgroup: nobody in it is killed.
    expect([existsSync(join(root, 'memory/nomad/web-3')), child.killed]).toEqual([true, false])
    child.kill()
  })
})
