/** A device that is asked without a wire: it takes, refuses and shows what the same device does over registers and nodes. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { PointSource } from '#devices/device.ts'
import { openDirect, type DirectDevice } from '#devices/memory/direct.ts'
import { openMemory } from '#devices/memory/driver.ts'
import { POINTS, type PointName } from '#devices/points.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { profileNamed } from '#test/support/profiles.ts'
import { virtualDevice, wholeControlGroup } from '#test/support/virtual-device.ts'

const TIMEOUT_MS = 1_000

describe.each(['sabz-modbus-controller', 'sabz-opcua-controller', 'generic-ntcip-modbus', 'sabz-modbus-loop-card'])(
  'as a %s',
  (name) => {
    let profile: DeviceProfile
    let source: PointSource
    let direct: DirectDevice
    let wired: ReturnType<typeof openMemory>
    beforeEach(async () => {
      profile = await profileNamed(name)
      source = virtualDevice()
      direct = openDirect(profile, source)
      wired = openMemory(profile, source)
      direct.connect()
      await wired.device.connect(TIMEOUT_MS)
    })

    test('it shows the same values at every scan', async () => {
      const scanned = await wired.device.scan(TIMEOUT_MS)
      for (let scan = 1; scan <= 3; scan++) expect(withoutUnwired(direct.scan())).toEqual(withoutUnwired(scanned))
    })

    const group = () => wholeControlGroup(profile)

    test.each([
      ['the whole group', () => group()],
      ['a point that it lacks, as 0', () => new Map([...group(), ['database.state', 0] as [PointName, number]])],
      ['a point that it lacks, as 1', () => new Map([...group(), ['database.state', 1] as [PointName, number]])],
      ['all but one', () => new Map([...group()].slice(1))],
      ['a value below 0', () => group().set('control.hold', -1)],
    ])('it takes or refuses %s as over a wire', async (_, values) => {
      expect(direct.write === null).toBe(wired.commands === null)
      const taken = direct.write?.(values())
      const overWire = await wired.commands?.write(values(), TIMEOUT_MS)
      expect(taken?.ok).toBe(overWire?.ok)
    })
  },
)

/** Channels beyond those that are wired are registers of zeros over a wire, and nothing at all here. */
function withoutUnwired(scanned: ReturnType<DirectDevice['scan']>) {
  if (!scanned.ok) return scanned
  return [...scanned.value]
    .map(([name, value]) => [name, typeof value === 'object' ? value.join().replace(/(,0)+$/, '') : value] as const)
    .toSorted(([a], [b]) => a.localeCompare(b))
}

describe('an image', () => {
  const values: { occupied: number[] } = { occupied: [0, 0] }
  const source: PointSource = {
    readPoint: (name) => (name === 'detector.occupied' ? values.occupied : POINTS[name].shape === 'list' ? [] : 0),
    writeControl: () => true,
    readLog: () => [],
  }
  let device: DirectDevice
  beforeEach(async () => {
    values.occupied = [0, 0]
    device = openDirect(await profileNamed('sabz-modbus-loop-card'), source)
    device.connect()
  })
  const occupied = () => {
    const scanned = device.scan()
    return scanned.ok ? scanned.value.get('detector.occupied') : null
  }

  test('keeps a list that the device writes over, and hands the same list over again while nothing changes', () => {
    const first = occupied()
    expect(occupied()).toBe(first)
    values.occupied[1] = 1
    expect(occupied()).toEqual([0, 1])
    expect(first).toEqual([0, 0])
  })

  test('holds while the next one is read', () => {
    const before = device.scan()
    values.occupied[0] = 1
    device.scan()
    expect(before.ok && before.value.get('detector.occupied')).toEqual([0, 0])
  })
})

test('without power it neither connects nor answers, and what was connected is gone', async () => {
  let isUp = true
  const source: PointSource = {
    get isUp() {
      return isUp
    },
    readPoint: (name) => (POINTS[name].shape === 'list' ? [] : 0),
    writeControl: () => true,
    readLog: () => [],
  }
  const device = openDirect(await profileNamed('sabz-modbus-loop-card'), source)
  expect(device.scan()).toEqual({ ok: false, fault: { code: 'NOT_CONNECTED' } })
  device.connect()
  isUp = false
  expect(device.scan()).toMatchObject({ fault: { code: 'CONNECTION_LOST' } })
  expect(device.connect()).toMatchObject({ fault: { code: 'CONNECT_FAILED' } })
  isUp = true
  expect(device.scan()).toMatchObject({ fault: { code: 'NOT_CONNECTED' } })
  device.connect()
  expect(device.scan().ok).toBe(true)
})
