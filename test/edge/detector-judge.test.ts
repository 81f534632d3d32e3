/** Detectors that nobody else watches: what the edge makes of loops that never change, always are occupied, or chatter. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detectorId, phaseId, type DetectorId } from '#base/id.ts'
import { bad, good, type Known } from '#base/known.ts'
import { DetectorJudge } from '#edge/detector-judge.ts'
import { USUAL_WATCH } from '#signal/detector-watch.ts'
import { DETECTOR_FAULT, NO_DIAGNOSTICS, PLAIN_DETECTION, type Detector } from '#signal/detector.ts'
import type { DetectorReading } from '#signal/view.ts'
import { DATABASE, NOON_EPOCH_MS } from '#test/support/boulevard-crossing.ts'

const {
  stuckOnMs: PRESENCE_MS_MAX,
  stuckOnZoneMs: ZONE_PRESENCE_MS_MAX,
  missedVehicles: PASSED_BY_MAX,
  quietMs: QUIET_MS_MAX,
} = USUAL_WATCH
const TICK_MS = 100
const MINUTE_MS = 60_000

const loop = (id: number, lanes: readonly string[], more: Partial<Detector> = {}): Detector => ({
  id: detectorId(id),
  kind: 'stop-bar',
  lanes,
  setbackM: 1,
  lengthM: 2,
  phase: phaseId(2),
  device: 'loops',
  deviceChannel: id,
  options: PLAIN_DETECTION,
  diagnostics: NO_DIAGNOSTICS,
  ...more,
})

/** 1 and 2 lie in one lane, 3 alone in its own; 9 is a zone of two lanes. */
const DETECTORS = [
  loop(1, ['N1'], { kind: 'advance' }),
  loop(2, ['N1']),
  loop(3, ['N2']),
  loop(9, ['E1', 'E2'], { kind: 'zone' }),
]

const at = (detectors: ReadonlyMap<DetectorId, Known<DetectorReading>>, nowMonoMs: number) => ({
  detectors,
  nowMonoMs,
  nowEpochMs: NOON_EPOCH_MS + nowMonoMs,
  schedule: DATABASE.schedule,
})

function bench(detectors: readonly Detector[] = DETECTORS) {
  const judge = new DetectorJudge(detectors)
  let readings: ReadonlyMap<DetectorId, Known<DetectorReading>> = new Map()
  const told: string[] = []
  let nowMonoMs = 0
  const put = (id: number, reading: Known<DetectorReading>) => {
    readings = new Map(readings).set(detectorId(id), reading)
  }
  const show = (id: number, occupied: boolean, actuationCount: number) => put(id, good({ occupied, actuationCount }, 0))
  for (const { id } of detectors) show(id, false, 0)
  const tick = () => {
    nowMonoMs += TICK_MS
    for (const { detector, now } of judge.step(at(readings, nowMonoMs))) told.push(`${detector}: ${now}`)
  }
  const counts = new Map<number, number>()
  return {
    told,
    judge,
    show,
    lose: (id: number) => put(id, bad('silent')),
    rest: (ms: number) => {
      for (let passed = 0; passed < ms; passed += TICK_MS) tick()
    },
    /** One vehicle over each of these, in a second. */
    pass: (...ids: number[]) => {
      for (const id of ids) {
        counts.set(id, (counts.get(id) ?? 0) + 1)
        show(id, true, counts.get(id) ?? 0)
      }
      for (let i = 0; i < 5; i++) tick()
      for (const id of ids) show(id, false, counts.get(id) ?? 0)
      for (let i = 0; i < 5; i++) tick()
    },
  }
}

const { noActivity, maxPresence, erraticCounts } = DETECTOR_FAULT

describe('a loop that is always occupied', () => {
  test('is stuck after twenty minutes, and sound when it changes', () => {
    const { show, rest, told } = bench()
    show(2, true, 1)
    rest(PRESENCE_MS_MAX)
    expect(told).toEqual([])
    rest(TICK_MS)
    expect(told).toEqual([`2: ${maxPresence}`])
    show(2, false, 1)
    rest(TICK_MS)
    expect(told).toEqual([`2: ${maxPresence}`, '2: 0'])
  })

  test('is not stuck while its counter goes on', () => {
    const { show, rest, told } = bench()
    for (let minute = 1; minute <= 40; minute++) {
      show(3, true, minute)
      rest(MINUTE_MS)
    }
    expect(told).toEqual([])
  })

  test('and is a zone has an hour', () => {
    const { show, rest, told } = bench()
    show(9, true, 1)
    rest(ZONE_PRESENCE_MS_MAX)
    expect(told).toEqual([])
    rest(TICK_MS)
    expect(told).toEqual([`9: ${maxPresence}`])
  })
})

describe('a street that does not move', () => {
  const FIVE = [1, 2, 3, 4, 5].map((id) => loop(id, [`N${id}`]))
  const jam = (others: readonly number[]) => {
    const of = bench(FIVE)
    of.show(1, true, 1)
    of.rest(PRESENCE_MS_MAX / 2)
    for (const id of others) of.show(id, true, 1)
    of.rest(PRESENCE_MS_MAX / 2 + TICK_MS)
    return of
  }

  test('covers its loops by no fault of theirs; two others that stand are not enough to say so', () => {
    expect(jam([2, 3, 4]).told).toEqual([])
    expect(jam([2, 3]).told).toEqual([`1: ${maxPresence}`])
  })

  test('and moves again leaves whichever does not', () => {
    const { show, rest, told } = jam([2, 3, 4])
    for (const id of [2, 3, 4]) show(id, false, 1)
    rest(MINUTE_MS + TICK_MS)
    expect(told).toEqual([`1: ${maxPresence}`])
  })
})

describe('a loop that is never occupied', () => {
  test('is silent when so many have passed the other loop of its lane, once two minutes have shown that this one does not chatter', () => {
    const { pass, rest, told } = bench()
    rest(TICK_MS)
    for (let i = 1; i < PASSED_BY_MAX; i++) pass(1)
    rest(60 * MINUTE_MS)
    expect(told).toEqual([])
    pass(1)
    rest(2 * MINUTE_MS - 10 * TICK_MS)
    expect(told).toEqual([])
    rest(TICK_MS)
    expect(told).toEqual([`2: ${noActivity}`])
    pass(2)
    expect(told).toEqual([`2: ${noActivity}`, '2: 0'])
  })

  test('is not silent because vehicles come in a crowd', () => {
    const { pass, told } = bench()
    for (let i = 0; i < 60; i++) pass(1)
    expect(told).toEqual([])
  })

  test('and is alone in its lane is silent after an hour in which thousands drove elsewhere, not in a quiet night', () => {
    const night = bench()
    night.rest(3 * QUIET_MS_MAX)
    expect(night.told).toEqual([])
    const { pass, told } = bench()
    for (let second = 0; second < 3_599; second++) pass(1, 2, 9)
    expect(told).toEqual([])
    pass(1, 2, 9)
    pass(1, 2, 9)
    expect(told).toEqual([`3: ${noActivity}`])
  })
})

describe('a loop that chatters', () => {
  test('is found within a minute, and is sound after one without', () => {
    const { show, rest, told } = bench()
    for (let count = 1; told.length === 0 && count <= 300; count++) {
      show(3, count % 2 === 0, count)
      rest(TICK_MS)
    }
    expect(told).toEqual([`3: ${erraticCounts}`])
    rest(2 * MINUTE_MS)
    expect(told).toEqual([`3: ${erraticCounts}`, '3: 0'])
  })

  test.each([
    [17, []],
    [18, [`3: ${erraticCounts}`, '3: 0']],
  ])('now and then, %i times within ten seconds, is told as %j', (pulses, expected) => {
    const { show, rest, told } = bench()
    rest(TICK_MS)
    for (let count = 1; count <= pulses; count++) {
      show(3, count % 2 === 0, count)
      rest(5 * TICK_MS)
    }
    rest(2 * MINUTE_MS)
    expect(told).toEqual(expected)
  })

  test.each([0, 60])(
    'does not make the other loop of its lane look silent, though nobody came for %i minutes',
    (minutes) => {
      const { show, rest, told } = bench()
      rest(minutes * MINUTE_MS)
      for (let count = 1; count <= 6_000; count++) {
        show(1, count % 2 === 0, count)
        rest(TICK_MS)
      }
      expect(told).toEqual([`1: ${erraticCounts}`])
    },
  )
})

test('what the controller is set to watch is left to it', () => {
  const watched = { ...NO_DIAGNOSTICS, maxPresenceMs: 60_000, erraticCountsPerMinute: 60 }
  const { show, rest, told } = bench([loop(2, ['N1'], { diagnostics: watched })])
  show(2, true, 1)
  rest(2 * PRESENCE_MS_MAX)
  expect(told).toEqual([])
})

test('a detector that was not read for a while is watched anew', () => {
  const { show, lose, rest, told } = bench()
  show(2, true, 1)
  rest(PRESENCE_MS_MAX)
  lose(2)
  rest(TICK_MS)
  show(2, true, 1)
  rest(PRESENCE_MS_MAX)
  expect(told).toEqual([])
})

/** Nobody, one vehicle, or so many at once, over a loop, and how long it then stays as it is. */
const happening = fc.record({
  id: fc.constantFrom(1, 2, 3, 9),
  occupied: fc.boolean(),
  passed: fc.constantFrom(0, 1, 1, 1, 5),
  trusted: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  restMs: fc.constantFrom(TICK_MS, TICK_MS, 5 * TICK_MS, MINUTE_MS / 2, 4 * MINUTE_MS, PRESENCE_MS_MAX),
})

test('what is handed over as the same object says the same as what is read anew in every tick', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const [kept, anew] = [new DetectorJudge(DETECTORS), new DetectorJudge(DETECTORS)]
      let readings: ReadonlyMap<DetectorId, Known<DetectorReading>> = new Map()
      let nowMonoMs = 0
      const counts = new Map<number, number>()
      for (const { id, occupied, passed, trusted, restMs } of happenings) {
        const actuationCount = (counts.get(id) ?? 0) + passed
        counts.set(id, actuationCount)
        const reading: Known<DetectorReading> = trusted ? good({ occupied, actuationCount }, 0) : bad('silent')
        readings = new Map(readings).set(detectorId(id), reading)
        for (let rested = 0; rested < restMs; rested += TICK_MS) {
          nowMonoMs += TICK_MS
          const judged = kept.step(at(readings, nowMonoMs))
          expect(judged).toEqual(anew.step(at(readAnew(readings), nowMonoMs)))
        }
      }
    }),
    { numRuns: 20 },
  )
})

const readAnew = (readings: ReadonlyMap<DetectorId, Known<DetectorReading>>) =>
  new Map([...readings].map(([id, each]) => [id, each.quality === 'good' ? good({ ...each.value }, each.ageMs) : each]))
