import * as F from '../field/Field'
import * as K from '../field/Kind'

/** How leftovers are looked for: named as `dangling_containers` of the docker driver, where it stands in `gc`. */
export const danglingFields = {
  enabled: F.withDefault(K.flag, true, 'Whether leftovers of tasks are taken away.'),
  period: F.withDefault(K.duration, '5m', 'How often they are looked for. Less than a second counts as a second.'),
  creation_grace: F.withDefault(
    K.duration,
    '5m',
    'How long something has to be seen as nobody\'s before it is taken away: in this time after a restart Nomad asks for its tasks again. Less than a second counts as a second.'
  ),
  dry_run: F.withDefault(K.flag, false, 'Whether the log only says what would be taken away.')
} as const satisfies F.Fields
