/** The architecture of this machine in the words of OCI. */
export const ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch
