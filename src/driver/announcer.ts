import { Notice } from '../core/domain/Notice'
import { Runnable } from '../core/resolve/Runnable'
import { News } from './begin'
import { Driver } from './Driver'
import { TaskEvent } from './Events'

// Nomad keeps the last ten events of a task, and writes each to its disk.
const EVERY_MS = 120_000
const MIB = 1024 * 1024

/**
 * Tells the owner of a task that its image is fetched, and every two minutes how far that is; and what it asks for and
 * will not have, in one event, however much that is.
 */
export const announcer = (
  { events, ports: { clock, log } }: Driver, { allocation }: Runnable
): ((news: News) => void) => {
  const { id, allocId, name } = allocation
  let lastMs = 0
  const say = (message: string, annotations: Readonly<Record<string, string>>): void => {
    events.emit({ taskId: id, allocId, taskName: name, message, annotations })
  }
  const fetching = (annotations: TaskEvent['annotations']): void => {
    lastMs = clock.now()
    say('Downloading image', annotations)
  }
  return (news) => {
    switch (news._tag) {
      case 'Fetching':
        fetching({ image: news.image })
        return
      case 'Pulled':
        if (clock.now() - lastMs >= EVERY_MS) fetching({ image: news.image, progress: progressText(news.progress) })
        return
      case 'Unmet':
        say(news.notices.map(({ text }) => text).join('; '), byOption(news.notices))
        for (const { at, text } of news.notices) log('warn', text, { task: id, option: at })
        return
      case 'Planned':
        return
    }
  }
}

const byOption = (notices: ReadonlyArray<Notice>): TaskEvent['annotations'] =>
  Object.fromEntries(notices.map(({ at, text }) => [at, text]))

const progressText = ({ bytes, ofBytes }: { readonly bytes: number; readonly ofBytes: number }): string =>
  `${String(Math.floor(bytes / MIB))} of ${String(Math.ceil(ofBytes / MIB))} MiB`
