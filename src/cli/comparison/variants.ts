import { Place } from '../../core/job/Job'
import { partsOf } from '../../core/job/jobParts'
import { toDocuments } from '../../core/job/toDocuments'
import { Loaded } from '../load/Loaded'

/** A task under the names of another one; undefined where one of them is of no job. */
export const renamedAs = (loaded: Loaded | undefined, other: Loaded | undefined): Loaded | undefined => {
  if (loaded?.place === undefined || other?.place === undefined) return undefined
  const { job, group, task } = loaded.place
  return at(loaded, {
    job,
    group: { ...group, Name: other.place.group.Name },
    task: { ...task, Name: other.place.task.Name }
  })
}

/**
 * What a task would be that asks for its image and its share of the host alone, in a network of its own: a newcomer is
 * judged by what it has beyond that.
 */
export const usualOf = (loaded: Loaded | undefined): Loaded | undefined => {
  if (loaded?.place === undefined) return undefined
  const { job, group, task } = loaded.place
  const { CPU, Cores, MemoryMB, MemoryMaxMB } = task.Resources ?? {}
  return at(loaded, {
    job,
    group: { Name: group.Name, Networks: [{ Mode: 'bridge' }] },
    task: {
      Name: task.Name,
      Driver: task.Driver,
      Config: { image: task.Config?.['image'] ?? '' },
      Resources: { CPU, Cores, MemoryMB, MemoryMaxMB }
    }
  })
}

const at = (loaded: Loaded, place: Place): Loaded => {
  const { documents, spread } = toDocuments(place)
  const { plugin } = loaded.offline.documents
  return {
    ...loaded,
    place,
    offline: { ...loaded.offline, documents: { ...documents, plugin }, job: partsOf(place), spread }
  }
}
