/** Ends a process, or with a negative number a group of them, by SIGKILL. One that has ended meanwhile needs none. */
export const killNow = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Nothing of that number is there any more.
  }
}
