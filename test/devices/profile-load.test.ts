/** A wrong profile never loads, and says all that is wrong with it: file, line, path, rule and remedy. */
import { describe, expect, test } from 'vitest'
import { PROFILE_FAULT_CODES, profileFaultText } from '#devices/profile/fault.ts'
import { checkProfile, loadProfile } from '#devices/profile/load.ts'
import { MODBUS_PROFILES, OPCUA_PROFILES, profileNamed } from '#test/support/profiles.ts'
import { CARD, OPCUA, PLANTS, SECURE } from './spoilt-profiles.ts'

test.each([...MODBUS_PROFILES, ...OPCUA_PROFILES])('%s loads, and says how well it is proven', async (name) => {
  const profile = await profileNamed(name)
  expect(profile).toMatchObject({ name, proven: 'simulated' })
  expect(profile.caveats.length).toBeGreaterThan(0)
})

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

test.each([
  ['security: Basic256Sha256', { policy: 'Basic256Sha256', user: 'certificate', because: null }],
  ['security: Aes256_Sha256_RsaPss', { policy: 'Aes256_Sha256_RsaPss', user: 'certificate', because: null }],
  [
    'security: { policy: None, because: "firmware 2 knows none" }',
    { policy: 'None', user: 'anonymous', because: 'firmware 2 knows none' },
  ],
  [
    'security: { policy: Basic256, user: anonymous, because: "firmware 1" }',
    { policy: 'Basic256', user: 'anonymous', because: 'firmware 1' },
  ],
])('a profile that says %s is taken at its word', (line, security) => {
  const checked = checkProfile('said', OPCUA.replace(SECURE, line))
  expect(checked.ok && checked.value).toMatchObject({ security })
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
