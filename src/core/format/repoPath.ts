// Halves of surrogate pairs have no UTF-8.
const LONE = /\p{Cs}/gu

/** A file as hosts of repositories name it: forward slashes, and nothing that only says "here". */
export const repoPath = (file: string): string => file.replaceAll('\\', '/').replace(/^(?:\.\/+)+/, '')

/** A file as a URI: relative with forward slashes, or `file:` when the path is absolute; percent-encoded. */
export const uriOf = (file: string): string => {
  const path = repoPath(file).replace(LONE, '\ufffd').split('/').map(encodeURIComponent).join('/')
  if (path === '') return '.'
  return path.startsWith('/') ? `file:///${path.replace(/^\/+/, '')}` : path.replace(/\/{2,}/g, '/')
}
