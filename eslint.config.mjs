import { builtinModules } from 'node:module'

import functional from 'eslint-plugin-functional'
import sort from 'eslint-plugin-simple-import-sort'
import tseslint from 'typescript-eslint'

// ---- what is true everywhere ----

const ONE_TEXT = "^\\s*(\\?|:|=>|\\+)?\\s*(['\"`/]).*\\2[a-z]*[,;)\\]]*$"

const barrel = { name: 'fp-ts', message: 'Import the module itself, e.g. fp-ts/Either: the barrel costs 90 ms at every start.' }

const noDo = ['Do', 'bind', 'bindTo', 'bindW', 'apS', 'apSW'].map(property => ({
  selector: `MemberExpression[object.name=/^[A-Z]+$/][property.name='${property}']`,
  message: 'No Do/bind chains: sequenceS for independent results, two named functions for dependent ones.'
}))

const noDefault = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name, so that a thing has the same name everywhere.'
}

// ---- what the core must not know ----

const effectModules = {
  group: ['IO*', 'Task*', 'Console', 'Random', 'Date', 'ReaderIO*', 'ReaderTask*', 'StateIO*', 'StateReaderTask*']
    .flatMap(name => [`fp-ts/${name}`, `fp-ts/lib/${name}`, `fp-ts/es6/${name}`]),
  message: 'The core has no effects: return an Either, or a Plan that src/effects executes.'
}

const outside = {
  group: ['node:*', '@grpc/*', '**/effects/**', '**/plugin/**', '**/cli/**', '**/generated/**'],
  message: 'The core is pure: it asks in data (Question, Step), and src/effects answers.'
}

const builtins = builtinModules.map(name => ({ name, message: 'The core is pure: no node modules.' }))

const impureGlobals = [
  'process', 'console', 'Buffer', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch', 'globalThis',
  'require', 'performance', 'crypto', 'eval', 'Promise'
].map(name => ({ name, message: 'The core is pure: take what you need as an argument.' }))

const impureProperties = [
  { object: 'Math', property: 'random', message: 'No randomness in the core: ids are passed in.' },
  { object: 'Date', property: 'now', message: 'No clock in the core: times are passed in.' }
]

const impureSyntax = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'No clock in the core: times are passed in.' },
  { selector: 'CallExpression[callee.name="Date"]', message: 'No clock in the core: times are passed in.' },
  { selector: ':function[async=true]', message: 'Nothing in the core waits.' },
  { selector: 'AwaitExpression', message: 'Nothing in the core waits.' },
  { selector: 'ImportExpression', message: 'No dynamic import in the core.' }
]

// ---- what whoever runs tasks must not touch ----

const PORT = 'It cannot be tested without a machine: take it from Ports (src/effects/ports/Ports.ts), which src/plugin/serve.ts and src/cli/machine/run/run.ts make.'

const worldGlobals = [
  'process', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'fetch', 'performance', 'console', 'require'
].map(name => ({ name, message: PORT }))

const worldProperties = [
  { object: 'Date', property: 'now', message: `${PORT} Time is ports.clock.now().` },
  { object: 'AbortSignal', property: 'timeout', message: `${PORT} A limit in time is within(ports.clock, ms).` },
  { object: 'Math', property: 'random', message: 'A run that is repeated has to do the same: ids are passed in.' }
]

const worldSyntax = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: `${PORT} Time is ports.clock.now().` }
]

/** What undo, destroy and reaper remove, they remove piece by piece: below state_dir stand mounts of the host's directories. */
const removesAll = {
  selector: 'CallExpression:matches([callee.property.name=/^rm(Sync)?$/], [callee.name=/^rm(Sync)?$/]) Property[key.name="recursive"]',
  message: 'Nothing is removed recursively: where an umount failed, that would remove the files of the host.'
}

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'src/generated/', 'coverage/', '.stryker-tmp/', 'fixtures/'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { 'simple-import-sort': sort },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/array-type': ['error', { default: 'generic' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { allowDefaultCaseForExhaustiveSwitch: false }],
      'simple-import-sort/imports': 'error',
      'no-restricted-imports': ['error', { paths: [barrel] }],
      'no-restricted-syntax': ['error', noDefault, ...noDo]
    }
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      // A sentence is not broken: a line that is nothing but one text, or an expression of one pattern, may be longer.
      'max-len': ['error', { code: 120, ignorePattern: ONE_TEXT }],
      'no-nested-ternary': 'error',
      'max-lines': ['error', { max: 150, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 30, skipBlankLines: true, skipComments: true }]
    }
  },
  {
    files: ['src/effects/**/*.ts'],
    ignores: ['src/effects/dev/**'],
    rules: { 'no-restricted-syntax': ['error', noDefault, ...noDo, removesAll] }
  },
  {
    files: ['src/driver/**/*.ts', 'src/plugin/**/*.ts'],
    ignores: ['src/plugin/serve.ts'],
    rules: {
      'no-restricted-globals': ['error', ...worldGlobals],
      'no-restricted-properties': ['error', ...worldProperties],
      'no-restricted-syntax': ['error', noDefault, ...noDo, ...worldSyntax, removesAll]
    }
  },
  {
    files: ['src/core/**/*.ts'],
    plugins: { functional },
    rules: {
      'functional/no-let': 'error',
      // Arrays and maps may be filled by the expression that makes them; what was given is never changed.
      'functional/immutable-data': ['error', { ignoreImmediateMutation: true, ignoreNonConstDeclarations: false }],
      'functional/no-throw-statements': 'error',
      'functional/no-loop-statements': 'error',
      'functional/no-classes': 'error',
      'functional/no-class-inheritance': 'error',
      'functional/no-this-expressions': 'error',
      'functional/no-promise-reject': 'error',
      'functional/no-expression-statements': 'error',
      'functional/no-try-statements': 'error',
      'no-restricted-imports': ['error', { paths: [barrel, ...builtins], patterns: [outside, effectModules] }],
      'no-restricted-globals': ['error', ...impureGlobals],
      'no-restricted-properties': ['error', ...impureProperties],
      'no-restricted-syntax': ['error', noDefault, ...noDo, ...impureSyntax]
    }
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/unbound-method': 'off'
    }
  }
)
