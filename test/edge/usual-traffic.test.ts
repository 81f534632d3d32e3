/** A silent loop is held against what it usually counts at that hour: a busy lane's is dead in minutes, a quiet side street's is believed. */
import { describe, expect, test } from 'vitest'
import { detectorId, phaseId, type DetectorId } from '#base/id.ts'
import { good, type Known } from '#base/known.ts'
import { DetectorJudge } from '#edge/detector-judge.ts'
import type { DetectorHistory } from '#edge/usual-traffic.ts'
import { QUARTERS_A_WEEK } from '#signal/calendar/week-quarter.ts'
import { DETECTOR_FAULT, NO_DIAGNOSTICS, PLAIN_DETECTION, type Detector } from '#signal/detector.ts'
import { USUAL_WATCH } from '#signal/detector-watch.ts'
import type { DetectorReading } from '#signal/view.ts'
import { DATABASE, NOON_EPOCH_MS } from '#test/support/boulevard-crossing.ts'

const [BUSY, SIDE, MAIN] = [1, 2, 3]
const SECOND_MS = 1_000
const HOUR_MS = 3_600_000

/** Each alone in its lane. */
const detectors = [BUSY, SIDE, MAIN].map((id): Detector => ({
  id: detectorId(id),
  kind: 'stop-bar',
  lanes: [`N${id}`],
  setbackM: 1,
  lengthM: 2,
  phase: phaseId(2),
  device: 'loops',
  deviceChannel: id,
  options: PLAIN_DETECTION,
  diagnostics: NO_DIAGNOSTICS,
}))

const week = (perHour: number) => ({
  perHour: Array.from({ length: QUARTERS_A_WEEK }, () => perHour),
  minutes: Array.from({ length: QUARTERS_A_WEEK }, () => 15),
})

const A_WEEK: DetectorHistory = { [BUSY]: week(400), [SIDE]: week(2), [MAIN]: week(900) }

/** Vehicles an hour over each; those that are left out are silent. The seconds until each is flagged. */
function live(flows: Readonly<Record<number, number>>, seconds: number, learnt?: DetectorHistory) {
  const judge = new DetectorJudge(detectors, USUAL_WATCH, learnt)
  const flagged = new Map<number, number>()
  const counts = new Map<number, number>()
  for (let s = 0; s < seconds; s++) {
    const readings = new Map<DetectorId, Known<DetectorReading>>()
    for (const { id } of detectors) {
      const everyS = Math.round(3_600 / (flows[id] ?? 0))
      if (Number.isFinite(everyS) && s % everyS === 0) counts.set(id, (counts.get(id) ?? 0) + 1)
      readings.set(id, good({ occupied: false, actuationCount: counts.get(id) ?? 0 }, 0))
    }
    const nowMonoMs = s * SECOND_MS
    const nowEpochMs = NOON_EPOCH_MS + nowMonoMs
    for (const { detector, now } of judge.step({
      detectors: readings,
      nowMonoMs,
      nowEpochMs,
      schedule: DATABASE.schedule,
    }))
      if (now === DETECTOR_FAULT.noActivity) flagged.set(detector, s)
  }
  return { flagged, judge }
}

describe('with a week that is known', () => {
  test('a busy lane whose loop is dead is found when 25 vehicles have failed to come, some four minutes later', () => {
    const { flagged } = live({ [MAIN]: 900, [SIDE]: 2 }, 600, A_WEEK)
    expect([...flagged.keys()]).toEqual([BUSY])
    expect(flagged.get(BUSY)).toBeGreaterThanOrEqual(25 * 9)
    expect(flagged.get(BUSY)).toBeLessThanOrEqual(25 * 9 + 120)
  })

  test('a quiet side street in which nobody comes for hours is believed, though thousands drive elsewhere', () => {
    expect(live({ [BUSY]: 400, [MAIN]: 900 }, (5 * HOUR_MS) / SECOND_MS, A_WEEK).flagged.size).toBe(0)
  })

  test('a day on which hardly anybody drives makes no loop dead in the hour', () => {
    const { flagged } = live({ [MAIN]: 18, [SIDE]: 2 }, HOUR_MS / SECOND_MS, A_WEEK)
    expect(flagged.size).toBe(0)
  })
})

test('a loop that has never counted is not learnt as a street without traffic', () => {
  const { judge } = live({ [MAIN]: 900, [BUSY]: 400 }, (2 * HOUR_MS) / SECOND_MS)
  expect(Object.keys(judge.learnt).map(Number)).toEqual([BUSY, MAIN])
})
