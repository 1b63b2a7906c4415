import { Difference } from './Difference'
import { cdiMount, cgroups, cgroupsPath, clean, deviceAccess, mountOrder, namespaceOfCgroups, run, userNamespace } from './differencesOfLinux'
import { domain, environment, groups, imageGroup, limits, name, ociVersion, path, root, rules, sets, term } from './differencesOfProcess'
import { Given } from './given'
import { Json } from './Oracle'

/** Every intended difference, in the order in which they are applied (docs/differences-from-containerd.md). */
export const differences: ReadonlyArray<Difference> = [
  domain, ociVersion, path, term, name, environment, root, imageGroup, groups, sets, rules, limits, clean, run, cgroups, mountOrder, cgroupsPath, namespaceOfCgroups, userNamespace,
  deviceAccess, cdiMount
]

/** Their spec, with ours where we mean to differ. */
export const reconciled = (theirs: Json, ours: Json, given: Given, but: ReadonlyArray<Difference> = []): Json =>
  differences.filter((difference) => !but.includes(difference)).reduce((spec, { apply }) => apply(spec, given, ours), theirs)
