/** A wrong profile never loads, and says all that is wrong with it: file, line, path, rule and remedy. */
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { PROFILE_FAULT_CODES, profileFaultText, type ProfileFaultCode } from '#devices/profile/fault.ts'
import { checkProfile, loadProfile } from '#devices/profile/load.ts'
import { MODBUS_PROFILES, OPCUA_PROFILES, profileNamed } from '#test/support/profiles.ts'

const textOf = (name: string) => readFile(new URL(`../../devices/profiles/${name}.yaml`, import.meta.url), 'utf8')

const CARD = await textOf('sabz-modbus-loop-card')
const CONTROLLER = await textOf('sabz-modbus-controller')
const OPCUA = await textOf('sabz-opcua-controller')

test.each([...MODBUS_PROFILES, ...OPCUA_PROFILES])('%s loads, and says how well it is proven', async (name) => {
  const profile = await profileNamed(name)
  expect(profile).toMatchObject({ name, proven: 'simulated' })
  expect(profile.caveats.length).toBeGreaterThan(0)
})

/** A text, what is put in place of what, and the fault that this must cause: code and path. */
type Plant = [what: string, text: string, from: string | RegExp, to: string, code: ProfileFaultCode, path: string]

const PLANTS: Plant[] = [
  ['no YAML', CARD, 'kind: loop-card', 'kind: [', 'PROFILE_NOT_YAML', ''],
  ['a key said twice', CARD, 'kind: loop-card', 'kind: loop-card\nkind: camera', 'PROFILE_NOT_YAML', ''],
  ['a list instead of a map', CARD, /^[^]*$/, '- a\n- b', 'PROFILE_FACT_WRONG', ''],
  ['no kind', CARD, 'kind: loop-card', '', 'PROFILE_FACT_MISSING', ''],
  ['no points', CARD, /points:[^]*/, '', 'PROFILE_FACT_MISSING', ''],
  ['a kind that does not exist', CARD, 'kind: loop-card', 'kind: lamp', 'PROFILE_FACT_WRONG', 'kind'],
  ['no protocol', CARD, 'protocol: modbus-tcp', '', 'PROFILE_FACT_MISSING', ''],
  ['a protocol that does not exist', CARD, 'modbus-tcp', 'snmp', 'PROFILE_FACT_WRONG', 'protocol'],
  ['version 0', CARD, 'version: 1', 'version: 0', 'PROFILE_FACT_WRONG', 'version'],
  ['a version in words', CARD, 'version: 1', 'version: one', 'PROFILE_FACT_WRONG', 'version'],
  ['no caveat at all', CARD, /caveats:\n( {2}- .*\n)+/, 'caveats: []\n', 'PROFILE_FACT_WRONG', 'caveats'],
  ['an unknown key', CARD, 'version: 1', 'version: 1\nunit: 3', 'PROFILE_KEY_UNKNOWN', 'unit'],
  ['an expression', CARD, 'address: 34, ', 'address: 2 + 32, ', 'PROFILE_FACT_WRONG', 'points.detector.faults.address'],
  ['an unknown point', CARD, 'detector.faults', 'detector.fault', 'PROFILE_POINT_UNKNOWN', 'points.detector.fault'],
  ['126 registers a read', CARD, 'Read: 125', 'Read: 126', 'PROFILE_FACT_WRONG', 'maxRegistersPerRead'],
  [
    'an unknown key of a point',
    CARD,
    'type: u64',
    'type: u64, bit: 3',
    'PROFILE_KEY_UNKNOWN',
    'points.unit.uptimeMs.bit',
  ],
  ['a card without loops', CARD, /.*detector.occupied.*/, '', 'PROFILE_POINT_MISSING', 'points'],
  [
    'a card that takes commands',
    CARD,
    'unit.uptimeMs: { table: input',
    'control.epoch: { table: holding',
    'PROFILE_POINT_OUT_OF_PLACE',
    'points.control.epoch',
  ],
  ['a ring of three points', CONTROLLER, /.*ring.4.elapsedMs.*/, '', 'PROFILE_POINT_MISSING', 'points'],
  ['no lease', CONTROLLER, /.*control.leaseMs.*/, '', 'PROFILE_POINT_MISSING', 'points'],
  [
    'a text in a register',
    CARD,
    'type: ascii, length: 16',
    'type: u16',
    'PROFILE_TYPE_WRONG',
    'points.identity.firmware.type',
  ],
  [
    'a count in a bit',
    CARD,
    'actuationCounts: { table: input, address: 2, type: u16list',
    'actuationCounts: { table: input, address: 2, type: bitlist',
    'PROFILE_TYPE_WRONG',
    'points.detector.actuationCounts.type',
  ],
  [
    'a clock of 32 bits',
    CONTROLLER,
    'address: 302, type: u64',
    'address: 302, type: u32',
    'PROFILE_TYPE_WRONG',
    'points.unit.clockEpochMs.type',
  ],
  [
    'a list without its length',
    CARD,
    'type: bitlist, length: 32',
    'type: bitlist',
    'PROFILE_FACT_MISSING',
    'points.detector.occupied',
  ],
  [
    'a single value with a length',
    CARD,
    'type: u64 }',
    'type: u64, length: 2 }',
    'PROFILE_LENGTH_WRONG',
    'points.unit.uptimeMs.length',
  ],
  [
    'lists of unequal lengths',
    CARD,
    'type: bitlist, length: 32',
    'type: bitlist, length: 31',
    'PROFILE_LENGTH_WRONG',
    'points.detector.faults.length',
  ],
  [
    'two points in one register',
    CARD,
    'address: 66',
    'address: 65',
    'PROFILE_ADDRESS_OVERLAP',
    'points.unit.uptimeMs.address',
  ],
  [
    'a point inside the log',
    CONTROLLER,
    'address: 334',
    'address: 10003',
    'PROFILE_ADDRESS_OVERLAP',
    'points.eventLog.head.address',
  ],
  [
    'a register beyond the last',
    CARD,
    'address: 66',
    'address: 65533',
    'PROFILE_ADDRESS_RANGE',
    'points.unit.uptimeMs.address',
  ],
  [
    'a log beyond the last register',
    CONTROLLER,
    'address: 10000',
    'address: 40000',
    'PROFILE_ADDRESS_RANGE',
    'log.address',
  ],
  ['a point longer than a read', CARD, 'Read: 125', 'Read: 31', 'PROFILE_POINT_TOO_LONG', 'points.detector.faults'],
  [
    'control in input registers',
    CONTROLLER,
    'hold: { table: holding',
    'hold: { table: input',
    'PROFILE_CONTROL_SPLIT',
    'points.control.hold.table',
  ],
  [
    'a gap in the control block',
    CONTROLLER,
    'address: 18',
    'address: 19',
    'PROFILE_CONTROL_SPLIT',
    'points.control.pedestrianCall.address',
  ],
  ['a log without a head', CONTROLLER, /.*eventLog.head.*/, '', 'PROFILE_LOG_WRONG', 'log'],
  ['a head without a log', CONTROLLER, /log: {.*/, '', 'PROFILE_LOG_WRONG', 'points.eventLog.head'],
  ['a log of no records', CONTROLLER, 'capacity: 4096', 'capacity: 0', 'PROFILE_FACT_WRONG', 'log.capacity'],
  [
    'a node without a name',
    OPCUA,
    'node: s=EventLog.Head',
    'node: EventLog.Head',
    'PROFILE_FACT_WRONG',
    'points.eventLog.head.node',
  ],
  ['a method without a name', OPCUA, 'method: s=EventLog.Read', 'method: Read', 'PROFILE_FACT_WRONG', 'log.method'],
  [
    'a text in a number',
    OPCUA,
    'Vendor, type: String',
    'Vendor, type: UInt32',
    'PROFILE_TYPE_WRONG',
    'points.identity.vendor.type',
  ],
  [
    'a clock of 32 bits in a node',
    OPCUA,
    'index: 2, type: Double',
    'index: 2, type: UInt32',
    'PROFILE_TYPE_WRONG',
    'points.unit.clockEpochMs.type',
  ],
  [
    'two types in one node',
    OPCUA,
    'node: s=Lamps, index: 5, type: UInt32',
    'node: s=Lamps, index: 5, type: Double',
    'PROFILE_TYPE_WRONG',
    'points.channel.greens.type',
  ],
  [
    'two points in one element',
    OPCUA,
    'node: s=Lamps, index: 5',
    'node: s=Lamps, index: 4',
    'PROFILE_ADDRESS_OVERLAP',
    'points.channel.greens',
  ],
  [
    'a single value in a node of many',
    OPCUA,
    's=EventLog.Head',
    's=Lamps',
    'PROFILE_ADDRESS_OVERLAP',
    'points.eventLog.head',
  ],
  [
    'a list at an index',
    OPCUA,
    'node: s=Detectors.Faults',
    'index: 0, node: s=Detectors.Faults',
    'PROFILE_FACT_WRONG',
    'points.detector.faults.index',
  ],
  [
    'an index below 0',
    OPCUA,
    'node: s=Lamps, index: 5',
    'node: s=Lamps, index: -1',
    'PROFILE_FACT_WRONG',
    'points.channel.greens.index',
  ],
  [
    'a hole in the control node',
    OPCUA,
    'node: s=Control, index: 11',
    'node: s=Control, index: 12',
    'PROFILE_CONTROL_SPLIT',
    'points.control.priority.index',
  ],
  [
    'control in two nodes',
    OPCUA,
    'node: s=Control, index: 9',
    'node: s=Calls, index: 9',
    'PROFILE_CONTROL_SPLIT',
    'points.control.pedestrianCall.node',
  ],
  [
    'a stranger in the control node',
    OPCUA,
    'head: { node: s=EventLog.Head, type: UInt32 }',
    'head: { node: s=Control, index: 10, type: Double }',
    'PROFILE_CONTROL_SPLIT',
    'points.eventLog.head.node',
  ],
  ['a way in for a timing without its facts', OPCUA, /.*database.owner.*/, '', 'PROFILE_TIMING_WRONG', 'timing'],
  ['a security that does not exist', OPCUA, 'security: none', 'security: Basic256', 'PROFILE_FACT_WRONG', 'security'],
]

describe('a profile with', () => {
  test.each(PLANTS)('%s is refused, at the place', (...[, text, from, to, code, path]) => {
    const planted = text.replace(from, to)
    expect(planted).not.toBe(text)
    const checked = checkProfile('planted', planted)
    const faults = checked.ok ? [] : checked.faults
    const fault = faults.find((found) => found.code === code && found.path === path)
    expect(faults.map(profileFaultText).join('\n') && fault).toBeDefined()
    expect(fault?.file).toBe('devices/profiles/planted.yaml')
    expect(planted.split('\n')[(fault?.line ?? 0) - 1]).toBeDefined()
  })
})

test('no fault of the list is without its plant', () => {
  const planted = new Set<string>(['PROFILE_NOT_FOUND', ...PLANTS.map(([, , , , code]) => code)])
  expect(PROFILE_FAULT_CODES.filter((code) => !planted.has(code))).toEqual([])
})

test('all faults of a file are told at once, in the order of its lines', () => {
  const checked = checkProfile(
    'planted',
    CARD.replace('version: 1', 'version: 0')
      .replace('kind: loop-card', 'kind: lamp')
      .replace('detector.faults', 'detector.fault')
      .replace('address: 66', 'address: -1'),
  )
  const faults = checked.ok ? [] : checked.faults
  expect(faults.map(({ code }) => code)).toEqual([
    'PROFILE_FACT_WRONG',
    'PROFILE_FACT_WRONG',
    'PROFILE_POINT_UNKNOWN',
    'PROFILE_FACT_WRONG',
  ])
  const lines = faults.map(({ line }) => line)
  expect(lines).toEqual(lines.toSorted((a, b) => a - b))
})

test('a fault reads as one line that says file, line, path, rule and remedy', () => {
  const checked = checkProfile('planted', CARD.replace('address: 66', 'address: 65'))
  const line = CARD.split('\n').findIndex((row) => row.includes('unit.uptimeMs:')) + 1
  expect(checked.ok ? [] : checked.faults.map(profileFaultText)).toEqual([
    `devices/profiles/planted.yaml:${line} points.unit.uptimeMs.address: input register 65 belongs to detector.faults already (34–65). Correct one of the two addresses.`,
  ])
})

test.each(['no-such-maker', '../device', 'a/b', '', 'README.md'])(
  'the profile name "%s" leads to no file, and never out of the folder',
  async (name) => {
    const loaded = await loadProfile(name)
    expect(loaded.ok ? [] : loaded.faults.map(({ code }) => code)).toEqual(['PROFILE_NOT_FOUND'])
  },
)
