import { cgroupsPathIsTaken,ratesAreTaken, swapNeedsLimit, unifiedIsForV2 } from './runc/cgroups'
import { deviceRulesAreTaken,devicesAreTaken } from './runc/devices'
import { CgroupLaw,Law } from './runc/law'
import { bindsAreBinds, bindsHaveNoData, destinationsAreAbsolute, idMappedMountsAreBinds, procIsProc, propagationIsKnown,tmpfsDataIsKnown } from './runc/mounts'
import { namesNeedUts, namespacesAreKnown, restrictedPathsNeedMounts, sysctlsAreOwned } from './runc/namespaces'
import { capabilitiesAreKnown, capabilitySetsAreNested, consoleNeedsTerminal, cwdIsInside, envIsNamed, hasSomethingToRun, idsAreInRange, labelsAreWellFormed,oomScoreIsTaken, rlimitsAreTaken, umaskIsPermissions } from './runc/process'
import { bandwidthIsTaken, cpuListsAreTaken, memoryIsTaken, pidsAreTaken, sharesAreTaken, swapIncludesMemory, weightsAreTaken } from './runc/resources'
import { errnosAreAnswered, notifyHasListener, seccompRulesAreTaken,seccompWordsAreKnown } from './runc/seccomp'
import { freshMountsAreOwned,idsAreMapped, mappingsAreTaken, userNamespaceIsMapped } from './runc/users'
import { annotationsHaveKeys, hooksCanRun,noTextHasNul, numbersAreExact, versionIsSemantic } from './runc/whole'

/** What runc and the kernel ask of every spec. */
export const runcRules: ReadonlyArray<readonly [string, Law]> = [
  ['every number is whole and survives JSON', numbersAreExact],
  ['no text holds a NUL byte', noTextHasNul],
  ['the version of the spec is a semantic one', versionIsSemantic],
  ['every annotation has a key', annotationsHaveKeys],
  ['hooks are absolute paths with named environment and time to run', hooksCanRun],
  ['namespaces are of known types, each once, and joined by an absolute path', namespacesAreKnown],
  ['hostname and domainname need a uts namespace and fit in it', namesNeedUts],
  ['masked and read-only paths are absolute and need a mount namespace', restrictedPathsNeedMounts],
  ['every sysctl belongs to a namespace of the container', sysctlsAreOwned],
  ['a user namespace has mappings of both kinds, and only it has', userNamespaceIsMapped],
  ['id mappings are ranges that the kernel takes', mappingsAreTaken],
  ['root and the ids of the process are mapped', idsAreMapped],
  ['in a new user namespace proc, mqueue and sysfs need new namespaces too', freshMountsAreOwned],
  ['there is something to run', hasSomethingToRun],
  ['every line of the environment has a name', envIsNamed],
  ['the working directory is absolute and not of the runtime', cwdIsInside],
  ['user and groups are ids that runc takes', idsAreInRange],
  ['the umask is made of permissions', umaskIsPermissions],
  ['oomScoreAdj is one that the kernel takes', oomScoreIsTaken],
  ['a console size needs a terminal', consoleNeedsTerminal],
  ['rlimits are of known types, each once, soft at most hard', rlimitsAreTaken],
  ['capabilities have known names, each once in a set', capabilitiesAreKnown],
  ['the sets of capabilities lie within one another', capabilitySetsAreNested],
  ['security labels are well formed', labelsAreWellFormed],
  ['destinations of mounts are absolute', destinationsAreAbsolute],
  ['a bind mount says so and has an absolute source', bindsAreBinds],
  ['a bind mount has no options of a file system', bindsHaveNoData],
  ['a tmpfs has options that the kernel knows', tmpfsDataIsKnown],
  ['id-mapped mounts are binds in a user namespace', idMappedMountsAreBinds],
  ['only proc is mounted on /proc, and nothing below it', procIsProc],
  ['the propagation of the root is a known word', propagationIsKnown],
  ['devices have known types and numbers, each path once', devicesAreTaken],
  ['device rules have access, type and numbers that runc takes', deviceRulesAreTaken],
  ['limits of memory are above zero or none, swappiness is a percentage', memoryIsTaken],
  ['swap includes the memory', swapIncludesMemory],
  ['cpu shares are ones that the kernel takes', sharesAreTaken],
  ['cpu quota and period are ones that the kernel takes', bandwidthIsTaken],
  ['lists of cpus and memory nodes are well formed', cpuListsAreTaken],
  ['the limit of pids is above zero or none', pidsAreTaken],
  ['weights of block devices are from 10 to 1000', weightsAreTaken],
  ['seccomp has known actions, operators, architectures and flags', seccompWordsAreKnown],
  ['seccomp notifies only a listener, and never of write', notifyHasListener],
  ['seccomp answers with an errno only where one is returned', errnosAreAnswered],
  ['rules of seccomp have names and arguments that libseccomp takes', seccompRulesAreTaken],
  ['the path of the cgroup is one that a cgroup driver takes', cgroupsPathIsTaken]
]

/** What they ask besides, by the version of the host's cgroups. */
export const cgroupRules: ReadonlyArray<readonly [string, CgroupLaw]> = [
  ['swap has a limit of memory beside it', swapNeedsLimit],
  ['unified resources are files of cgroup v2', unifiedIsForV2],
  ['rates of block devices are ones that the kernel takes', ratesAreTaken]
]
