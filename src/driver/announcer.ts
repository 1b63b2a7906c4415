import { pathText } from '../core/domain/DocumentPath'
import { Notice } from '../core/domain/Notice'
import { Request } from '../core/resolve/Request'
import { Clock } from '../effects/ports/Clock'
import { News } from './begin'
import { Driver } from './Driver'
import { TaskEvent } from './Events'
import { Seldom } from './Seldom'

// A long download is told of ever more seldom.
const FIRST_MS = 120_000
const MIB = 1024 * 1024

type Say = (message: string, annotations: TaskEvent['annotations']) => void

/**
 * Tells the owner of a task that its image is fetched, how far that is, that it is here, and that its container is; and
 * what it asks for and will not have, in one event, however much that is.
 */
export const announcer = (
  { events, ports: { clock, log } }: Driver, { allocation }: Request
): ((news: News) => void) => {
  const { id, allocId, name } = allocation
  const say: Say = (message, annotations) => {
    events.emit({ taskId: id, allocId, taskName: name, message, annotations })
  }
  const download = Download(clock, say)
  return (news) => {
    switch (news._tag) {
      case 'Fetching': case 'Pulled': case 'Fetched':
        download(news)
        return
      case 'Created':
        say(`Created container ${news.container}`, { container_id: news.container })
        return
      case 'Unmet':
        say(news.notices.map(({ text }) => text).join('; '), byOption(news.notices))
        for (const { at, text } of news.notices) log('warn', text, { task: id, option: pathText(at) })
        return
      case 'Planned':
        return
    }
  }
}

type OfDownload = Extract<News, { readonly _tag: 'Fetching' | 'Pulled' | 'Fetched' }>

const Download = (clock: Clock, say: Say): ((news: OfDownload) => void) => {
  const isDue = Seldom(clock, FIRST_MS, false)
  const startedMs = clock.now()
  return (news) => {
    const { image } = news
    switch (news._tag) {
      case 'Fetching':
        say(`Downloading image ${image}`, { image })
        return
      case 'Pulled': {
        if (!isDue()) return
        const progress = progressText(news.progress)
        say(`Downloading image ${image}: ${progress}`, { image, progress })
        return
      }
      case 'Fetched':
        say(`Downloaded image ${image} in ${secondsText(clock.now() - startedMs)}`, { image })
    }
  }
}

const byOption = (notices: ReadonlyArray<Notice>): TaskEvent['annotations'] =>
  Object.fromEntries(notices.map(({ at, text }) => [pathText(at), text]))

const progressText = ({ bytes, ofBytes }: { readonly bytes: number; readonly ofBytes: number }): string =>
  `${String(Math.floor(bytes / MIB))} of ${String(Math.ceil(ofBytes / MIB))} MiB`

const secondsText = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(1)} s`
