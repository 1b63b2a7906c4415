import { Runnable } from '../core/resolve/Runnable'
import { News } from './begin'
import { Driver } from './Driver'

// Nomad keeps the last ten events of a task, and writes each to its disk.
const EVERY_MS = 120_000
const MIB = 1024 * 1024

/** Tells the owner of a task that its image is fetched, and every two minutes how far that is. */
export const announcer = ({ events, ports: { clock } }: Driver, { allocation }: Runnable): ((news: News) => void) => {
  const { id, allocId, name } = allocation
  let lastMs = 0
  const say = (annotations: Readonly<Record<string, string>>): void => {
    lastMs = clock.now()
    events.emit({ taskId: id, allocId, taskName: name, message: 'Downloading image', annotations })
  }
  return (news) => {
    switch (news._tag) {
      case 'Fetching':
        say({ image: news.image })
        return
      case 'Pulled':
        if (clock.now() - lastMs >= EVERY_MS) say({ image: news.image, progress: progressText(news.progress) })
        return
      case 'Planned':
        return
    }
  }
}

const progressText = ({ bytes, ofBytes }: { readonly bytes: number; readonly ofBytes: number }): string =>
  `${String(Math.floor(bytes / MIB))} of ${String(Math.ceil(ofBytes / MIB))} MiB`
