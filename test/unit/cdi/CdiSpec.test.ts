import * as E from 'fp-ts/Either'

import * as _ from '../../../src/core/cdi/CdiSpec'
import { gpus, serial } from './documents'

const FILE = '/etc/cdi/v.json'

const told = (document: unknown): ReadonlyArray<string> => {
  const outcome = _.decode(document, FILE)
  return E.isLeft(outcome) ? outcome.left.map(({ at, reason, hint }) => `${at.slice(FILE.length).trim()}: ${reason}${hint === undefined ? '' : `; ${hint}`}`) : []
}

const unsupported = (edits: object): ReadonlyArray<string> => {
  const outcome = _.decode({ ...gpus, cdiVersion: '1.1.0', containerEdits: edits }, FILE)
  return E.isRight(outcome) ? outcome.right.edits.unsupported.map(({ at, reason, hint = '' }) => `${at}: ${reason}; ${hint}`) : []
}

const one = (containerEdits: object): object => ({ cdiVersion: '0.5.0', kind: 'v.com/c', devices: [{ name: 'a', containerEdits }] })
const node = (more: object): object => one({ deviceNodes: [{ path: '/dev/a', ...more }] })
const hook = (more: object): object => one({ hooks: [{ hookName: 'poststart', path: '/bin/a', ...more }] })

it('a file with every field that can be honoured is read in full', () => {
  expect(_.decode(serial, FILE)).toEqual(E.right({
    kind: 'vendor.example/serial.port',
    devices: [{
      name: 'A:1',
      edits: {
        env: ['PORT=/dev/port', 'EMPTY='],
        devices: [{ path: '/dev/port', hostPath: '/dev/ttyS0', type: 'c', major: 4, minor: 64, fileMode: 0o660, permissions: 'rw', uid: 0, gid: 20 }],
        mounts: [{ source: '/etc/port', destination: '/etc/port', type: 'none', options: ['bind', 'ro'] }],
        hooks: [{ stage: 'poststop', hook: { path: '/bin/reset', timeout: 3 } }],
        additionalGids: [20, 20],
        unsupported: []
      }
    }],
    edits: { env: [], devices: [], mounts: [], hooks: [], additionalGids: [], unsupported: [] }
  }))
})

it.each<readonly [string, object, object]>([
  ['nothing said', {}, { permissions: 'rwm' }],
  ['empty as nothing, as Go writes it', { hostPath: '', type: '', major: 0, minor: 0, permissions: '' }, { permissions: 'rwm' }],
  ['no permissions at all', { permissions: 'none' }, { permissions: '' }],
  ['a major number alone', { type: 'b', major: 7 }, { type: 'b', major: 7, minor: 0, permissions: 'rwm' }],
  ['a minor number without a major one, which the host must answer', { type: 'c', minor: 5 }, { type: 'c', permissions: 'rwm' }]
])('a device node with %s', (_what, given, made) => {
  const outcome = _.decode(node(given), FILE)
  expect(E.isRight(outcome) && outcome.right.devices[0]?.edits.devices).toEqual([{ path: '/dev/a', hostPath: '/dev/a', ...made }])
})

it.each<readonly [string, unknown, ReadonlyArray<string>]>([
  ['no object', 'text', [': must be an object']], ['nothing', null, [': is required']],
  ['an empty object', {}, ['cdiVersion: is required', 'kind: is required', 'devices: is required']],
  ['a version from the future', { ...gpus, cdiVersion: '9.0.0' }, ['cdiVersion: must be one of 0.3.0, 0.4.0, 0.5.0, 0.6.0, 0.7.0, 0.8.0, 1.0.0, 1.1.0']],
  ['a number for a version', { ...gpus, cdiVersion: 0.5 }, ['cdiVersion: must be text that is not empty, in quotes']],
  ['a kind without a class', { ...gpus, kind: 'gpu' }, ['kind: must be a vendor and a class, such as "vendor.com/gpu"']],
  ['no devices', { ...gpus, devices: [] }, ['devices: must name at least one device']],
  ['devices that are no list', { ...gpus, devices: {} }, ['devices: must be a list']],
  ['a device without edits', { ...gpus, devices: [{ name: '0' }, { name: '1', containerEdits: { env: [] } }] },
    ['devices[0].containerEdits: must hold at least one edit', 'devices[1].containerEdits: must hold at least one edit']],
  ['a number for a device name', { ...gpus, devices: [{ name: 0, containerEdits: {} }] },
    ['devices[0].name: must be letters and digits, with `_`, `-`, `.` or `:` between them, in quotes']],
  ['two devices of one name', { ...gpus, devices: [gpus.devices[0], gpus.devices[1], gpus.devices[0]] }, ['devices[2].name: is the name of devices[0] too']],
  ['an unknown field', { ...gpus, containerEdit: {} }, ['containerEdit: is no field that this version knows; did you mean "containerEdits"?']],
  ['an unknown field of a device', { ...gpus, devices: [{ ...gpus.devices[0], alias: 'x' }] }, ['devices[0].alias: is no field that this version knows']],
  ['edits that are a list', { ...gpus, containerEdits: [] }, ['containerEdits: must be an object']],
  ['an annotation that is no text', { ...serial, annotations: { a: 1 } }, ['annotations.a: must be text, in quotes']],
  ['a variable without a value', one({ env: ['A=1', 'B', '=C'] }), ['devices[0].containerEdits.env[1]: must be NAME=value', 'devices[0].containerEdits.env[2]: must be NAME=value']],
  ['a variable with a zero byte', one({ env: ['A=\u0000'] }), ['devices[0].containerEdits.env[0]: must be NAME=value']],
  ['a relative path', node({ path: 'dev/a' }), ['devices[0].containerEdits.deviceNodes[0].path: must be an absolute path']],
  ['a type that is none', node({ type: 'x' }), ['devices[0].containerEdits.deviceNodes[0].type: must be one of "b", "c", "u", "p", ""']],
  ['a negative number', node({ major: -1 }), ['devices[0].containerEdits.deviceNodes[0].major: must be a whole number from 0 to 4294967295']],
  ['strange permissions', node({ permissions: 'rxw' }), ['devices[0].containerEdits.deviceNodes[0].permissions: must be letters of "rwm", or "none"']],
  ['a mount without its two ends', one({ mounts: [{ hostPath: '' }] }),
    ['devices[0].containerEdits.mounts[0].hostPath: must be text that is not empty', 'devices[0].containerEdits.mounts[0].containerPath: is required']],
  ['a hook of no stage', hook({ hookName: 'later' }),
    ['devices[0].containerEdits.hooks[0].hookName: must be one of "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"']],
  ['a hook with no time', hook({ timeout: 0 }), ['devices[0].containerEdits.hooks[0].timeout: must be a whole number from 1 to 4294967295']],
  ['a hook without a program', hook({ path: null }), ['devices[0].containerEdits.hooks[0].path: is required']],
  ['gids that are none', one({ additionalGids: ['20'] }), ['devices[0].containerEdits.additionalGids[0]: must be a whole number from 0 to 2147483647']]
])('refuses %s', (_what, document, reasons) => { expect(told(document)).toEqual(reasons) })

it.each<readonly [string, object]>([
  ['0.4.0 or later, because the file uses type of a mount', one({ mounts: [{ hostPath: '/a', containerPath: '/a', type: 'none' }] })],
  ['0.5.0 or later, because the file uses hostPath of a device node', node({ hostPath: '/dev/b' })],
  ['0.5.0 or later, because the file uses a device name that starts with a digit', { ...one({}), devices: [{ name: '0', containerEdits: { env: ['A=1'] } }] }],
  ['0.6.0 or later, because the file uses annotations', { ...one({ env: ['A=1'] }), annotations: { a: 'b' } }],
  ['0.6.0 or later, because the file uses a class with a dot', { ...one({ env: ['A=1'] }), kind: 'v.com/a.b' }],
  ['0.7.0 or later, because the file uses additionalGids', one({ additionalGids: [1] })],
  ['0.7.0 or later, because the file uses intelRdt', one({ intelRdt: {} })],
  ['1.1.0 or later, because the file uses intelRdt.schemata', one({ intelRdt: { schemata: ['L3:0=f'] } })],
  ['1.1.0 or later, because the file uses intelRdt.enableMonitoring', one({ intelRdt: { enableMonitoring: true } })],
  ['1.1.0 or later, because the file uses netDevices', one({ netDevices: [{ hostInterfaceName: 'a', name: 'b' }] })]
])('a version must be %s', (reason, document) => {
  expect(told({ ...document, cdiVersion: '0.3.0' })).toEqual([`cdiVersion: must be ${reason}`])
  expect(told({ ...document, cdiVersion: '1.1.0' })).toEqual([])
})

it('what edits want and this driver cannot do is kept until somebody asks for them', () => {
  const at = `${FILE} containerEdits`
  expect(unsupported({
    additionalGIDs: [1], intelRdt: { closID: 'a' }, netDevices: [{ hostInterfaceName: 'a', name: 'b' }],
    deviceNodes: [{ path: '/a', label: 'x' }], mounts: [{ hostPath: '/a', containerPath: '/a', option: [] }], hooks: [{ hookName: 'poststop', path: '/a', user: 1 }]
  })).toEqual([
    `${at}.additionalGIDs: is no field that this version knows; did you mean "additionalGids"?`,
    `${at}.deviceNodes[0].label: is no field that this version knows; `,
    `${at}.mounts[0].option: is no field that this version knows; did you mean "options"?`,
    `${at}.hooks[0].user: is no field that this version knows; `,
    `${at}.intelRdt: wants Intel RDT (resctrl) classes, which this driver does not set; `,
    `${at}.netDevices: wants network devices moved into the container, which this driver does not do; `
  ])
  expect(unsupported({ netDevices: [], intelRdt: null })).toEqual([])
})
