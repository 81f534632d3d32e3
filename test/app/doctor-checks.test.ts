/** What the doctor says of a cabinet's values, at each limit and beyond it. */
import { describe, expect, test } from 'vitest'
import { checkImage } from '#app/doctor-checks.ts'
import type { PointName, PointValue } from '#devices/points.ts'

const NOW_EPOCH_MS = Date.UTC(2026, 10, 22, 12)
const APPROVED = 0x9f2c_0001

/** A healthy controller, with some values changed. */
function examine(changes: Partial<Record<PointName, PointValue>>) {
  const healthy: Partial<Record<PointName, PointValue>> = {
    'unit.clockEpochMs': NOW_EPOCH_MS,
    'identity.configurationHash': APPROVED,
    'unit.controlStatus': 1,
    'unit.flashCause': 0,
    'supervision.leaseRemainingMs': 2_700,
    'unit.doorOpen': 0,
    'unit.mainsPower': 1,
    'detector.faults': [0, 0, 0],
  }
  const image = new Map(Object.entries({ ...healthy, ...changes })) as Map<PointName, PointValue>
  return checkImage(image, { nowEpochMs: NOW_EPOCH_MS, approvedHash: APPROVED })
}

const verdict = (name: string, changes: Partial<Record<PointName, PointValue>>) =>
  examine(changes).find((check) => check.name === name)

describe('the doctor', () => {
  test('finds nothing wrong with a healthy cabinet', () => {
    expect(examine({}).map((check) => check.verdict)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok'])
  })

  test.each([
    [2_000, 'ok'],
    [2_001, 'failure'],
    [-2_000, 'ok'],
    [-2_001, 'failure'],
  ])('calls a clock that is %i ms off %s', (driftMs, expected) => {
    expect(verdict('clock', { 'unit.clockEpochMs': NOW_EPOCH_MS + driftMs })?.verdict).toBe(expected)
  })

  test('does not accept a timing that differs from the approved one by a bit, and says which is which', () => {
    const check = verdict('configuration', { 'identity.configurationHash': APPROVED + 1 })
    expect(check).toMatchObject({ verdict: 'failure', detail: '9f2c0002, approved is 9f2c0001' })
  })

  test.each([
    [5, 4, 'flash, cause: conflict monitor'],
    [6, 0, 'fault, cause: none'],
  ])('calls control status %i with cause %i a failure that a person must see to', (status, cause, detail) => {
    const check = verdict('control', { 'unit.controlStatus': status, 'unit.flashCause': cause })
    expect(check).toMatchObject({ verdict: 'failure', detail })
    expect(check?.remedy).toContain('person')
  })

  test('names the alarm behind a fault', () => {
    const check = verdict('control', { 'unit.controlStatus': 6, 'unit.flashCause': 4, 'unit.alarmBits': 0b1000 })
    expect(check?.detail).toBe('fault, cause: conflict monitor, redFailure')
  })

  test.each([
    ['a flash of the schedule', { 'unit.controlStatus': 5, 'unit.flashCause': 2 }, 'ok', 'flash by the schedule'],
    [
      'a controller that comes up',
      { 'unit.controlStatus': 5, 'unit.flashCause': 1 },
      'warning',
      'flash while it starts',
    ],
    ['an officer', { 'unit.controlStatus': 2 }, 'warning', 'manual'],
    ['a fire engine', { 'unit.controlStatus': 4, 'preempt.active': 3, 'preempt.state': 4 }, 'ok', 'preempt 3, dwell'],
  ])('tells %s by what it is', (_, changes, expected, detail) => {
    expect(verdict('control', changes)).toMatchObject({ verdict: expected, detail })
  })

  test('tells a cabinet without a lease from one that is supervised', () => {
    expect(verdict('lease', {})?.detail).toBe('held, 2.7 s left')
    expect(verdict('lease', { 'supervision.leaseRemainingMs': 0 })?.detail).toContain('local plan')
  })

  test('warns of an open door, of battery and of each loop that reports a fault', () => {
    expect(verdict('cabinet', { 'unit.doorOpen': 1, 'unit.mainsPower': 0 })?.detail).toBe('door open, on battery')
    expect(verdict('detectors', { 'detector.faults': [0, 6, 256] })?.detail).toBe(
      'channel 2 (watchdog, openLoop), 3 (fault 256)',
    )
  })

  test('says nothing of what a device does not offer', () => {
    expect(checkImage(new Map(), { nowEpochMs: NOW_EPOCH_MS, approvedHash: APPROVED })).toEqual([])
  })
})
