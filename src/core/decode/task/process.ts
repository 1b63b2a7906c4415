import { ARGUMENTS, COMMAND_BYTES, GROUPS, ULIMITS } from '../../domain/ceilings'
import { says } from '../../field/About'
import * as F from '../../field/Field'
import * as K from '../../field/Kind'
import { pathText } from '../../field/pathKind'
import { ulimits } from '../../value/kinds'

const NAMED = ['spec.hostname', 'spec.process.env', 'mounts']

/** What is run, where, and with which limits of a process. */
export const process = {
  command: F.optional(
    K.argument,
    says("Command that replaces the image's.", ['spec.process.args'], { example: 'command = "redis-server"' })
  ),
  args: F.orEmpty(
    K.textsOf(K.argument, ARGUMENTS, COMMAND_BYTES),
    [],
    says('Arguments to the command.', ['spec.process.args'], { example: 'args = ["--port", "6379"]' })
  ),
  entrypoint: F.orEmpty(
    K.textsOf(K.argument, ARGUMENTS, COMMAND_BYTES),
    [],
    says(
      'List that replaces the image\'s entrypoint; `[""]` clears it. The image\'s command is dropped then.',
      ['spec.process.args'],
      { example: 'entrypoint = ["/bin/sh", "-c"]' }
    )
  ),
  cwd: F.alias(
    F.optional(
      pathText,
      says(
        'Working directory of the process. Made when it does not exist. Never below /proc or /dev/fd.',
        ['spec.process.cwd'],
        { example: 'cwd = "/srv"' }
      )
    ),
    'work_dir',
    'working_dir'
  ),
  init: F.withDefault(
    K.flag,
    false,
    says(
      'Run a small init as the first process, which passes signals on and reaps what the task leaves behind.',
      ['spec.process.args', 'spec.mounts'],
      { policy: ['init_path'], example: 'init = true' }
    )
  ),
  tty: F.withDefault(
    K.flag,
    false,
    says(
      'Give the process a terminal. Its output then comes as one stream, on stdout.',
      ['spec.process.terminal', 'spec.process.env', 'io'],
      { example: 'tty = true' }
    )
  ),
  umask: F.optional(
    K.octal,
    says('File mode creation mask of the process, in octal.', ['spec.process.user.umask'], {
      example: 'umask = "0027"'
    })
  ),
  group_add: F.orEmpty(
    K.textsOf(K.text, GROUPS),
    [],
    says(
      "More groups of the process, as numbers or as names of the image's /etc/group.",
      ['spec.process.user.additionalGids'],
      { example: 'group_add = ["video", "1001"]' }
    )
  ),
  ulimit: F.orEmpty(
    ulimits(ULIMITS),
    [],
    says(
      'Limits of the process, each `soft:hard` or one number for both; `-1` or `unlimited` is no limit.',
      ['spec.process.rlimits'],
      { policy: ['default_ulimit'], example: 'ulimit = { nofile = "4096:8192" }' }
    )
  ),
  oom_score_adj: F.optional(
    K.whole(-1000, 1000),
    says(
      'How readily the kernel kills the process when memory runs out: -1000 (never) to 1000.',
      ['spec.process.oomScoreAdj'],
      {
        since: 'below zero needs CAP_SYS_RESOURCE on the host',
        policy: ['oom_score_adj'],
        example: 'oom_score_adj = 500'
      }
    )
  ),
  hostname: F.optional(
    K.text,
    says(
      "Host name inside the container, and in its `/etc/hosts`. Left out: Nomad's, else the container's id; on the host's network the host's.",
      NAMED,
      { example: 'hostname = "web"' }
    )
  ),
  domainname: F.optional(
    K.text,
    says('NIS domain name inside the container, and the rest of its full name in `/etc/hosts`.', [
      'spec.domainname', 'spec.ociVersion', 'spec.linux.sysctl', 'mounts'
    ], {
      example: 'domainname = "example.com"'
    })
  )
} as const satisfies F.Fields
