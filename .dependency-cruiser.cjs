// Who may import whom. Each comment says why, and what to do instead.

const DOMAIN = '^src/core/domain/'
const FIELD = '^src/core/field/'
const NEAREST = '^src/core/field/nearest\\.ts$'
const COMPILED = '^src/core/compile/Compiled\\.ts$'
const PORTS = '^src/effects/ports/(Ports|Machine|Reads|Streams|Clock|Learnt|attempt|execute)\\.ts$'
const MACHINE_COMMANDS = '^src/cli/machine/'

/** A room of the core may import itself, what `doors` lists, and packages. */
const room = (name, doors, comment) => ({
  name: `core-${name}`,
  severity: 'error',
  comment,
  from: { path: `^src/core/${name}/` },
  to: { path: '^src/', pathNot: [`^src/core/${name}/`, ...doors] }
})

/** A room of the effects may import itself, the other rooms that `doors` lists, and what is outside of src/effects. */
const roomOfEffects = (name, doors, comment) => ({
  name: `effects-${name}`,
  severity: 'error',
  comment,
  from: { path: `^src/effects/${name}/` },
  to: { path: '^src/effects/', pathNot: [name, ...doors].map((one) => `^src/effects/${one}/`) }
})

const forbidden = [
  // ---- the core ----
  {
    name: 'core-imports-only-core',
    severity: 'error',
    comment:
      'src/core decides; it never acts. Let it ask in data (a Question, a Step) and let src/effects answer or execute.',
    from: { path: '^src/core/' },
    to: { path: '^src/', pathNot: '^src/core/' }
  },
  {
    name: 'core-no-node-builtins',
    severity: 'error',
    comment:
      'src/core runs in a browser too: no node: modules. Take the file\'s text, the time or the id as an argument; the caller in src/effects or src/cli reads it.',
    from: { path: '^src/core/' },
    to: { dependencyTypes: ['core'] }
  },
  {
    name: 'core-few-packages',
    severity: 'error',
    comment:
      'src/core uses fp-ts, io-ts and @noble/hashes, and no other package. Write the few lines by hand, or do this work in src/effects, src/plugin or src/cli.',
    from: { path: '^src/core/' },
    to: {
      dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'unknown'],
      pathNot: '(^|node_modules/)(fp-ts|io-ts|@noble/hashes)(/|$)'
    }
  },
  {
    name: 'core-no-effect-types',
    severity: 'error',
    comment:
      'IO, Task and their relatives describe effects, and the core has none. Return an Either, or a Plan that src/effects executes.',
    from: { path: '^src/core/' },
    to: { path: 'fp-ts/((lib|es6)/)?((State)?(Reader)?(IO|Task)(Either|Option|These)?|Console|Random|Date)(\\.|/|$)' }
  },
  room('domain', [], 'src/core/domain holds the words that every room speaks, so it knows no other room. Move what needs another room into that room.'),
  room('field', [DOMAIN], 'src/core/field is the language in which options are described; it knows domain only. An option itself belongs to src/core/decode.'),
  room('image', [DOMAIN, FIELD], 'src/core/image reads what names and describes an image; it may import domain and field. What a task makes of an image belongs to src/core/resolve.'),
  room('value', [DOMAIN, FIELD, '^src/core/image/'], 'src/core/value reads the texts that stand for something (a limit, a mapping, a line of /etc/hosts); it may import domain, field and image. Which option holds it belongs to src/core/decode.'),
  room('decode', [DOMAIN, FIELD, '^src/core/(image|value)/'], 'src/core/decode turns plain values into checked ones; it may import domain, field, image and value. What needs facts belongs to src/core/resolve, what the operator decides to src/core/policy.'),
  room('wanted', [DOMAIN, '^src/core/(field|image|value|decode|cdi)/'], 'src/core/wanted is what the task asks for, whoever may have it: it may import domain, field, image, value, decode and cdi. Whether the task may have it belongs to src/core/policy, what comes of it to src/core/resolve.'),
  room('policy', [DOMAIN, '^src/core/(field|image|value|decode|cdi|wanted)/'], 'src/core/policy says what the operator lets a task have, from the documents alone: it may import domain, field, image, value, decode, cdi and wanted. What needs an answer of the host belongs to src/core/resolve.'),
  room('facts', [DOMAIN, FIELD, '^src/core/(image|cdi)/'], 'src/core/facts is what can be asked of a host and what it answers; it may import domain, field, image and cdi. What follows from an answer belongs to src/core/resolve.'),
  room('job', [DOMAIN, '^src/core/(field|decode)/'], 'src/core/job turns a Nomad API job into a task config and a sample allocation: it may import domain, field and decode. Deciding starts later, in src/core/resolve.'),
  room('migrate', [DOMAIN, '^src/core/(field|image|decode|job)/'], 'src/core/migrate says what becomes of a docker task: it may import domain, field, image, decode and job. Reading and writing the source belongs to src/cli.'),
  room('seccomp', [DOMAIN, NEAREST], 'src/core/seccomp makes filters from a profile, a kernel and a bounding set; it knows domain and field/nearest only. Pass in what else it needs.'),
  room('cdi', [DOMAIN, NEAREST], 'src/core/cdi reads the host\'s CDI documents; it knows domain and field/nearest only. What a task may have belongs to src/core/resolve.'),
  room('resolve', [DOMAIN, '^src/core/(field|image|value|decode|facts|seccomp|cdi|wanted|policy)/'], 'src/core/resolve may import domain, field, image, value, decode, facts, seccomp, cdi, wanted and policy. It must not know what its Task is compiled to: put that into src/core/compile.'),
  room('compile', [DOMAIN, '^src/core/resolve/Task\\.ts$', '^src/core/seccomp/versionNeeds\\.ts$'], 'src/core/compile sees a finished Task and nothing else (domain, resolve/Task, and which spec version a filter needs). If a section misses something, add it to Task and decide it in src/core/resolve.'),
  room('plan', [DOMAIN, COMPILED], 'src/core/plan may import domain and compile/Compiled.ts, the compiler\'s result. If a plan misses something, add it to Compiled.'),
  room('share', [DOMAIN], 'src/core/share hides secrets in documents that are made for others; it knows domain only.'),
  room('diff', [DOMAIN], 'src/core/diff finds what differs between two documents; it knows domain only. What a difference means belongs to src/core/judge.'),
  room('judge', [DOMAIN, '^src/core/diff/'], 'src/core/judge says what a difference gives or takes; it may import domain and diff. It compiles nothing: let the caller compile both sides.'),
  room('provenance', [DOMAIN, '^src/core/(field|image|decode|diff|judge|facts|resolve)/', '^src/core/offline\\.ts$'], 'src/core/provenance finds causes by compiling again without them; it may import domain, field, image, decode, diff, judge, facts, resolve and offline.'),
  room('format', [DOMAIN, '^src/core/(diff|judge|report)/'], 'src/core/format writes what a command found; it may import domain, diff, judge and report. Let the caller find.'),
  room('lock', [DOMAIN, '^src/core/(field|image)/', '^src/core/facts/Facts\\.ts$'], 'src/core/lock is what a lock file says of images: it may import domain, field, image and facts/Facts. Asking a registry belongs to src/effects.'),
  room('live', [DOMAIN, NEAREST, '^src/core/job/', COMPILED], 'src/core/live is what a running container says of its allocation: it may import domain, job, field/nearest and compile/Compiled.ts. Compile and compare outside of it.'),
  room('reap', [DOMAIN, '^src/core/plan/'], 'src/core/reap says what belongs to no task any more; it may import domain and plan. Pass in what was seen as plain data.'),
  room('gc', [DOMAIN, '^src/core/image/'], 'src/core/gc says which images nothing needs any more; it may import domain and image. Pass in what was seen as plain data.'),
  room('watch', [DOMAIN], 'src/core/watch says what an observation means; it may import domain only. Pass in what was observed as plain data.'),
  room('report', [DOMAIN, '^src/core/plan/'], 'src/core/report says in English how a plan went: it may import domain and plan.'),

  // ---- what others import ----
  {
    name: 'library-imports-only-core',
    severity: 'error',
    comment:
      'src/lib is what `import … from "containerd-driver"` gives, in a browser too: it may import src/core only. What needs a machine belongs to src/cli or src/plugin.',
    from: { path: '^src/lib/' },
    to: { path: '^src/', pathNot: '^src/(lib|core)/' }
  },
  {
    name: 'library-no-packages',
    severity: 'error',
    comment: 'src/lib runs everywhere and its types stand alone: no node: modules, and fp-ts only inside of functions. Do the work in src/core.',
    from: { path: '^src/lib/' },
    to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'unknown'], pathNot: '(^|node_modules/)fp-ts(/|$)' }
  },
  {
    name: 'testing-imports-only-core-and-library',
    severity: 'error',
    comment: 'src/testing is what `import … from "containerd-driver/testing"` gives: random values for src/core and src/lib. It needs fast-check and nothing else.',
    from: { path: '^src/testing/' },
    to: { path: '^src/', pathNot: '^src/(testing|lib|core)/' }
  },
  {
    name: 'library-is-for-others',
    severity: 'error',
    comment: 'src/lib and src/testing are for programs outside: the CLI and the plugin call src/core, whose types say more.',
    from: { path: '^src/', pathNot: '^src/(lib|testing)/' },
    to: { path: '^src/(lib|testing)/' }
  },

  // ---- around the core ----
  {
    name: 'effects-execute-and-never-decide',
    severity: 'error',
    comment:
      'src/effects executes. It sees core/domain, the Question and Facts it answers, plan, watch, reap, gc, report, live, the image config\'s decoder and the type Compiled. If it needs more, the plan lacks a step: add the step in src/core/plan.',
    from: { path: '^src/effects/' },
    to: {
      path: '^src/',
      pathNot: [
        '^src/(effects|generated)/',
        '^src/core/(domain|plan|watch|reap|gc|report)/',
        '^src/core/facts/(Question|Facts)\\.ts$',
        '^src/core/image/',
        '^src/core/cdi/CdiFile\\.ts$',
        '^src/core/live/(Live|choose|parseSpec)\\.ts$',
        COMPILED
      ]
    }
  },
  roomOfEffects('ports', [], 'src/effects/ports is what everybody in src/effects is given or speaks with, so it knows no other room. What touches the world belongs to the room of what it touches.'),
  roomOfEffects('rootfs', ['ports'], 'src/effects/rootfs looks into the root file system of an image, wherever it comes from; it may import ports. Getting at its files belongs to src/effects/image or src/effects/registry.'),
  roomOfEffects('host', ['ports'], 'src/effects/host reads and changes files and mounts of this host; it may import ports. What needs containerd or a registry belongs to their rooms.'),
  roomOfEffects('cni', ['ports', 'host'], 'src/effects/cni runs the plugins of CNI; it may import ports and host. Whether a task has a network of its own belongs to src/core/resolve.'),
  roomOfEffects('containerd', ['ports', 'host'], 'src/effects/containerd is calls of containerd\'s API; it may import ports and host. What images are made of belongs to src/effects/image; what joins rooms stands above them, in src/effects.'),
  roomOfEffects('registry', ['ports', 'host', 'rootfs'], 'src/effects/registry asks registries; it may import ports, host and rootfs. What comes of an answer in containerd belongs to src/effects/image.'),
  roomOfEffects('image', ['ports', 'host', 'rootfs', 'containerd', 'registry'], 'src/effects/image brings images from a registry into containerd; it may import the other rooms. What joins it with acts and questions stands above, in src/effects.'),
  {
    name: 'effects-rooms-know-no-assembler',
    severity: 'error',
    comment: 'The files in src/effects itself join the rooms below it (machine, reads, answer, livePorts): no room imports them. Take what you need as an argument.',
    from: { path: '^src/effects/[^/]+/' },
    to: { path: '^src/effects/[^/]+\\.ts$' }
  },
  {
    name: 'driver-acts-through-ports',
    severity: 'error',
    comment:
      'src/driver says what running a task means and touches nothing itself, so that all of it runs in a test under a machine and a clock that are made up. Use what `Ports` gives; if it lacks something, add it to src/effects/ports/Reads.ts or a step to src/core/plan, and let src/effects do it.',
    from: { path: '^src/driver/' },
    to: { path: '^src/', pathNot: ['^src/(driver|core)/', PORTS] }
  },
  {
    name: 'plugin-translates-the-protocol',
    severity: 'error',
    comment:
      'src/plugin decodes a message of Nomad, calls one function of src/driver and encodes its answer. What a task means belongs to src/driver. Only serve.ts, which makes the world once, may import the rest of src/effects.',
    from: { path: '^src/plugin/', pathNot: '^src/plugin/serve\\.ts$' },
    to: { path: '^src/', pathNot: ['^src/(plugin|driver|core|generated)/', '^src/effects/ports/Ports\\.ts$'] }
  },
  {
    name: 'faces-touch-no-host',
    severity: 'error',
    comment:
      'No node: module in src/driver and src/plugin: no file, no timer, no process. Take `Ports` as an argument and use its machine, reads, clock and log; only src/plugin/serve.ts starts the real ones.',
    from: { path: '^src/(driver|plugin)/', pathNot: '^src/plugin/serve\\.ts$' },
    to: { dependencyTypes: ['core'] }
  },
  {
    name: 'driver-few-packages',
    severity: 'error',
    comment: 'src/driver uses fp-ts and io-ts, and no other package. gRPC and msgpack are protocol: they belong to src/plugin and src/effects.',
    from: { path: '^src/driver/' },
    to: {
      dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'unknown'],
      pathNot: '(^|node_modules/)(fp-ts|io-ts)(/|$)'
    }
  },
  {
    name: 'driver-is-for-the-faces',
    severity: 'error',
    comment: 'src/driver is asked by src/plugin and by the run command. What effects or core need of it belongs to them: move it there.',
    from: { path: '^src/(core|effects|lib|testing|generated)/' },
    to: { path: '^src/driver/' }
  },
  {
    name: 'plugin-is-only-for-main',
    severity: 'error',
    comment: 'src/plugin is the face towards Nomad: only src/main.ts starts it. Move what others need into src/core or src/effects.',
    from: { path: '^src/', pathNot: '^src/(plugin/|main\\.ts$)' },
    to: { path: '^src/plugin/' }
  },
  {
    name: 'cli-is-only-for-main',
    severity: 'error',
    comment: 'src/cli is the face towards people: only src/main.ts starts it. Move what others need into src/core or src/effects.',
    from: { path: '^src/', pathNot: '^src/(cli/|main\\.ts$)' },
    to: { path: '^src/cli/' }
  },
  {
    name: 'cli-works-without-a-daemon',
    severity: 'error',
    comment:
      'A command that needs no daemon must not load the code that talks to one. Only the commands in src/cli/machine may import src/driver and src/effects.',
    from: { path: '^src/cli/', pathNot: MACHINE_COMMANDS },
    to: { path: '^src/', pathNot: '^src/(cli|core)/' }
  },
  {
    name: 'cli-and-effects-only',
    severity: 'error',
    comment: 'The commands that touch the machine do it through src/driver and src/effects; they neither use src/generated nor src/plugin.',
    from: { path: '^src/cli/' },
    to: { path: '^src/', pathNot: '^src/(cli|core|driver|effects)/' }
  },
  {
    name: 'machine-is-loaded-late',
    severity: 'error',
    comment:
      "Commands that touch the machine, and the plugin, load gRPC: reach them by `await import('../machine/run/run')`, so that the other commands start fast and work anywhere. `import type` is fine.",
    from: { path: '^src/(main\\.ts$|cli/)', pathNot: MACHINE_COMMANDS },
    to: { path: ['^src/plugin/', MACHINE_COMMANDS], dependencyTypesNot: ['dynamic-import', 'type-only'] }
  },
  {
    name: 'generated-knows-nobody',
    severity: 'error',
    comment: 'src/generated is written by `npm run generate` from proto/. Never edit it: change the .proto file.',
    from: { path: '^src/generated/' },
    to: { path: '^src/', pathNot: '^src/generated/' }
  },
  {
    name: 'main-only-chooses',
    severity: 'error',
    comment: 'src/main.ts only chooses a face: plugin or CLI. The work belongs behind one of them.',
    from: { path: '^src/main\\.ts$' },
    to: { path: '^src/', pathNot: '^src/(cli|plugin)/' }
  },

  // ---- everywhere ----
  {
    name: 'no-cycles',
    severity: 'error',
    comment: 'Two files that need each other are one file, or share a third thing that has no name yet. Name it and move it out.',
    from: { pathNot: '^src/generated/' },
    to: { circular: true }
  },
  {
    name: 'no-drawers',
    severity: 'error',
    comment: 'No utils, common, helpers or misc: a helper lives beside the noun that it helps.',
    from: {},
    to: { path: '/(utils|util|common|helpers|misc)(/|[.]ts$)', pathNot: 'node_modules' }
  },
  {
    name: 'no-tests-in-src',
    severity: 'error',
    comment: 'The program must not need its tests. Move what both need into src.',
    from: { path: '^src/' },
    to: { path: '^(test|bench|fixtures)/' }
  },
  {
    name: 'resolvable',
    severity: 'error',
    comment: 'This import leads nowhere: correct its path, or add the package to package.json.',
    from: {},
    to: { couldNotResolve: true }
  }
]

module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] }
  }
}
