/** Does something at the first Ctrl-C or SIGTERM, instead of ending; until what it gives is called. */
export const onInterrupt = (act: () => void): (() => void) => {
  process.once('SIGINT', act).once('SIGTERM', act)
  return () => { process.removeListener('SIGINT', act).removeListener('SIGTERM', act) }
}
