/** Where the init of a task stands in its container, as in nerdctl. */
export const INIT_TARGET = '/sbin/tini'
