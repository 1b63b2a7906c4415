/** Labels of everything that this driver makes in containerd. */

/** Holds Nomad's task id: no undo touches a thing that has another one. */
export const OWNER = 'containerd-driver/owner'

/** Holds the exit of the task, from the moment it was seen: containerd 1.7 and later forget it when they restart. */
export const EXIT = 'containerd-driver/exit'

/** The label by which operators' tools find the containers of an allocation. */
export const ALLOC_ID = 'com.hashicorp.nomad.alloc_id'
