import { differs, equal, missing, renamed, Rows } from './Row'
import { Differs, EQUAL, Missing, Needless } from './Verdict'

/** What is run, its surroundings and its output. */
export const processRows: Rows = {
  command: equal('command'),
  args: equal('args'),
  entrypoint: equal('entrypoint', 'Equal; `[""]` clears the image\'s.'),
  work_dir: renamed('cwd', 'A clean absolute path, not below `/proc` or `/dev/fd`. `work_dir` is understood too.'),
  init: differs('init', "The program is the operator's `init_path`, tini. It stands at `/sbin/tini`.", {
    judge: (value) =>
      value === true ? Differs("the init is the host's `init_path`, a static tini that the operator installs") : EQUAL
  }),
  tty: equal('tty'),
  interactive: missing('A task has no input.', {
    judge: (value) =>
      value === false
        ? Needless('a task has no input')
        : Missing('a task has no input: use `nomad alloc exec -i`')
  }),
  hostname: equal('hostname', "Equal. Left out it is the container's id, as there."),
  group_add: equal('group_add', "Equal: numbers, or names of the image's `/etc/group`."),
  ulimit: equal(
    'ulimit',
    'Equal. A limit that the host cannot grant is refused. Without one, open files are 1024:524288.'
  ),
  oom_score_adj: equal('oom_score_adj', 'Also below zero, where the host can grant it.'),
  logging: missing("Output always goes to Nomad: use the task's `logs` block.", {
    rows: {
      type: missing('Output always goes to Nomad.'),
      driver: missing('Output always goes to Nomad.'),
      config: missing('Output always goes to Nomad: `logs` says how much is kept.')
    }
  }),
  healthchecks: missing("An image's health check is never run. Use a `check` of a `service`.", {
    judge: (value) =>
      isDisabled(value)
        ? Needless("an image's health check is never run here")
        : Missing("an image's health check is never run: use a `check` of a `service`"),
    rows: { disable: missing('It is always so.') }
  }),
  container_exists_attempts: missing('Names are unique to each start.', {
    judge: () => Needless('names are unique to each start')
  })
}

const isDisabled = (value: unknown): boolean => {
  const block: unknown = Array.isArray(value) ? value[0] : value
  return (
    typeof block === 'object'
    && block !== null
    && 'disable' in block
    && (block.disable === true || block.disable === 'true')
  )
}
