/** A profile by which a timing would come in blind, in halves, or through another's registers never loads. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { ProfileFaultCode } from '#devices/profile/fault.ts'
import { checkProfile } from '#devices/profile/load.ts'

const textOf = (name: string) => readFile(new URL(`../../devices/profiles/${name}.yaml`, import.meta.url), 'utf8')

const CARD = await textOf('sabz-modbus-loop-card')
const MODBUS = await textOf('sabz-modbus-controller')
const OPCUA = await textOf('sabz-opcua-controller')

const AT = 'address: 1000, partRegisters: 100'

test.each<[string, string, string | RegExp, string, ProfileFaultCode, string]>([
  [
    'facts of a transaction that nobody can begin',
    MODBUS,
    /^timing:.*/m,
    '',
    'PROFILE_TIMING_WRONG',
    'points.database.state',
  ],
  ['no fault to be read', MODBUS, /.*database.fault:.*/, '', 'PROFILE_TIMING_WRONG', 'timing'],
  [
    'facts that lie apart',
    MODBUS,
    'address: 508',
    'address: 800',
    'PROFILE_TIMING_WRONG',
    'points.database.stagedHash.address',
  ],
  [
    'facts in two tables',
    MODBUS,
    'database.state: { table: input',
    'database.state: { table: holding',
    'PROFILE_TIMING_WRONG',
    'points.database.fault.address',
  ],
  [
    'facts beyond one read',
    MODBUS,
    'length: 192',
    'length: 240',
    'PROFILE_TIMING_WRONG',
    'points.database.faultDetail.address',
  ],
  [
    'requests in the control block',
    MODBUS,
    AT,
    'address: 12, partRegisters: 100',
    'PROFILE_ADDRESS_OVERLAP',
    'timing.address',
  ],
  [
    'requests that reach into the control block',
    MODBUS,
    'control.epoch: { table: holding, address: 0',
    'control.epoch: { table: holding, address: 1100',
    'PROFILE_ADDRESS_OVERLAP',
    'points.control.epoch.address',
  ],
  [
    'requests beyond the last register',
    MODBUS,
    AT,
    'address: 65500, partRegisters: 100',
    'PROFILE_ADDRESS_RANGE',
    'timing.address',
  ],
  [
    'requests of 124 registers',
    MODBUS,
    AT,
    'address: 1000, partRegisters: 114',
    'PROFILE_FACT_WRONG',
    'timing.partRegisters',
  ],
  ['requests without a part', MODBUS, AT, 'address: 1000', 'PROFILE_FACT_MISSING', 'timing'],
  ['requests with a key too many', MODBUS, AT, `${AT}, unit: 2`, 'PROFILE_KEY_UNKNOWN', 'timing.unit'],
  [
    'a card that takes a timing',
    CARD,
    'unit.uptimeMs:',
    'database.length:',
    'PROFILE_POINT_OUT_OF_PLACE',
    'points.database.length',
  ],
  [
    'a fact that every scan would read',
    OPCUA,
    'eventLog.head: { node: s=EventLog.Head, type: UInt32 }',
    'eventLog.head: { node: s=Database.State, index: 6, type: UInt32 }',
    'PROFILE_TIMING_WRONG',
    'points.eventLog.head.node',
  ],
  ['a method that is none', OPCUA, 'method: s=Database.Ask', 'method: Ask', 'PROFILE_FACT_WRONG', 'timing.method'],
  ['an object that is none', OPCUA, 'object: s=Database,', 'object: Database,', 'PROFILE_FACT_WRONG', 'timing.object'],
  [
    'parts of no character',
    OPCUA,
    'partCharacters: 4096',
    'partCharacters: 0',
    'PROFILE_FACT_WRONG',
    'timing.partCharacters',
  ],
])('a profile with %s is refused, at the place', (_what, text, from, to, code, path) => {
  const planted = text.replace(from, to)
  expect(planted).not.toBe(text)
  const checked = checkProfile('planted', planted)
  expect(checked.ok ? [] : checked.faults).toContainEqual(expect.objectContaining({ code, path }))
})
