import { existsSync, readFileSync } from 'node:fs'

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Whether profiles can be applied, as runc decides it (libcontainer/apparmor). */
export const hasApparmor = (): boolean =>
  existsSync('/sys/kernel/security/apparmor') && read('/sys/module/apparmor/parameters/enabled').startsWith('Y')

/**
 * Whether labels can be applied, as runc decides it (go-selinux): a writable selinuxfs, and a policy that is loaded.
 */
export const hasSelinux = (): boolean =>
  existsSync('/sys/fs/selinux/enforce') && isWritable() && labelOfThisProcess() !== 'kernel'

// mountinfo: id, parent, device, root, mount point, options, …, "-", type.
const isWritable = (): boolean =>
  read('/proc/self/mountinfo').split('\n').some((line) =>
    line.includes(' - selinuxfs ') && line.split(' ')[5]?.split(',').includes('rw') === true)

const labelOfThisProcess = (): string => read('/proc/self/attr/current').replace(/\0.*$/s, '').trim()
