import { promises } from 'node:fs'

import { Hierarchies, hierarchiesIn } from '../../core/watch/cgroupPlaces'
import { systemClock } from '../ports/systemClock'
import { codeOf } from '../ports/Thrown'
import { killNow } from './killNow'
import { unless } from './systemCall'

const TRIES = 40
const PAUSE_MS = 50

/**
 * Removes the cgroup at a path of a spec in every hierarchy, with what runs in it: whoever made it was killed before it
 * told anybody of it. Nothing in a cgroup is ever removed but processes; one that stays all the same is left.
 */
export const removeLeftCgroup = async (path: string, mountinfo?: string): Promise<void> => {
  const text = mountinfo ?? await promises.readFile('/proc/self/mountinfo', 'utf8')
  await Promise.all(placesIn(hierarchiesIn(text), path).map(removeDirectory))
}

const placesIn = ({ v1, v2 }: Hierarchies, path: string): ReadonlyArray<string> => {
  const all = [...Object.values(v1), ...(v2 === undefined ? [] : [v2])].filter(({ root }) => root === '/')
  return [...new Set(all.map(({ at }) => `${at}${path}`))]
}

const removeDirectory = async (directory: string): Promise<void> => {
  for (let count = 0; count < TRIES; count += 1) {
    const code = await promises.rmdir(directory).then(() => '', codeOf)
    if (code !== 'EBUSY') return
    await killIn(directory)
    await systemClock.sleep(PAUSE_MS)
  }
}

const killIn = async (directory: string): Promise<void> => {
  const pids = await promises.readFile(`${directory}/cgroup.procs`, 'utf8').catch(unless('ENOENT', 'ENODEV'))
  for (const pid of (pids ?? '').split('\n').map(Number).filter((one) => one > 1)) killNow(pid)
}
