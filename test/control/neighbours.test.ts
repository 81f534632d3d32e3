/** What neighbours say, and what is made of it: departures at one stop line, arrivals at the next, and how far they are believed. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { good, stale, type Known } from '#base/known.ts'
import { ANNOUNCED_S, announcedAt } from '#control/neighbours/announced.ts'
import { learnArrivals, NO_ARRIVALS_LEARNT, type ArrivalLearning } from '#control/neighbours/arrival-learning.ts'
import { arrivalsFrom } from '#control/neighbours/arrivals.ts'
import { countDepartures, NOBODY_LEFT_YET } from '#control/neighbours/departures.ts'
import { disperse } from '#control/neighbours/dispersion.ts'
import { believed, learn, NOTHING_LEARNT, shareOf, skillOf } from '#control/neighbours/lead.ts'
import { outlookOf } from '#control/neighbours/outlook-of.ts'
import { NO_NEIGHBOURS, OUTLOOK_PAST_S, OUTLOOK_PER_S_MAX, OUTLOOK_PLANNED_S, type Outlook } from '#signal/outlook.ts'
import { broken, CROSSING, NOON_EPOCH_MS, viewOf } from '#test/support/boulevard-crossing.ts'
import { APPROACH, FED, hearing, says, seconds, sum, UP } from '#test/support/fed-crossing.ts'

const peakOf = (perS: ArrayLike<number>): number => Array.from(perS).indexOf(Math.max(...Array.from(perS)))

describe('who has left', () => {
  const loops = CROSSING.detectors.filter(({ kind }) => kind === 'stop-bar')
  const lane = loops[0]?.lanes[0] ?? ''
  const approach = CROSSING.approaches.find(({ lanes }) => lanes.some(({ id }) => id === lane))?.id ?? ''
  const at = (nowMonoMs: number, count: number, occupied: boolean) =>
    viewOf({ nowMonoMs, detectors: { [loops[0]?.id ?? 0]: good({ occupied, actuationCount: count }, 0) } })

  test('is counted when he leaves the loop at the stop line, not when he comes to stand there', () => {
    const readings: readonly (readonly [number, boolean])[] = [
      [0, false],
      [1, true],
      [1, true],
      [1, false],
      [3, true],
    ]
    const memory = readings.reduce(
      (before, [count, occupied], second) => countDepartures(at(second * 1_000, count, occupied), before),
      NOBODY_LEFT_YET,
    )
    expect(memory.left[`${approach} through`]).toEqual([0, 0, 1, 1])
  })

  test('is told for a minute, and not beyond a stop of our own', () => {
    let memory = countDepartures(at(0, 0, false), NOBODY_LEFT_YET)
    for (let second = 1; second <= 90; second++) memory = countDepartures(at(second * 1_000, second, false), memory)
    expect(memory.left[`${approach} through`]).toEqual(seconds(OUTLOOK_PAST_S, 1))
    expect(countDepartures(at(90_900, 91, false), memory)).toBe(memory)
    expect(countDepartures(at(90_000 + 61_000, 95, false), memory).left).toEqual({})
    expect(countDepartures(at(0, 95, false), memory).left).toEqual({})
  })

  test('in a tick that came late is spread over the seconds that it stands for, and the grid of seconds stays', () => {
    const begun = countDepartures(at(0, 0, false), NOBODY_LEFT_YET)
    const late = countDepartures(at(3_400, 3, false), begun)
    expect(late).toMatchObject({ atMonoMs: 3_000, left: { [`${approach} through`]: [1, 1, 1] } })
  })

  test('over a loop that is not trusted is nobody, and nobody is made up when it comes back', () => {
    const begun = countDepartures(at(0, 0, false), NOBODY_LEFT_YET)
    const blind = countDepartures(viewOf({ nowMonoMs: 1_000, detectors: { [loops[0]?.id ?? 0]: broken } }), begun)
    const back = countDepartures(at(2_000, 7, false), blind)
    expect(back.left[`${approach} through`]).toEqual([0, 0])
  })

  test('is told with the moment at which the last whole second ended, and with what is planned within the bounds', () => {
    const begun = countDepartures(at(0, 0, false), NOBODY_LEFT_YET)
    const departures = countDepartures(at(1_300, 1, false), begun)
    const view = at(1_300, 1, false)
    const planned = { atMonoMs: 1_200, greens: seconds(202), lanes: { [lane]: [0.5, 99, ...seconds(200, 0.2)] } }
    const told = outlookOf(view, { departures, planned, rooms: [] })
    const movement = told.movements.find((each) => each.approach === approach)
    expect(told.atEpochMs).toBe(view.nowEpochMs - 300)
    expect(movement?.left).toEqual([1])
    expect(movement?.planned.slice(0, 3)).toEqual([0.5, OUTLOOK_PER_S_MAX, 0.2])
    expect(movement?.planned).toHaveLength(OUTLOOK_PLANNED_S)
  })
})

describe('a platoon on its way', () => {
  const arrivals = (departures: Parameters<typeof disperse>[0], travelS: number): Float64Array => {
    const perS = new Float64Array(ANNOUNCED_S)
    disperse(departures, travelS, perS)
    return perS
  }

  test('arrives whole, later than it left, and longer than it was', () => {
    const perS = arrivals({ perS: seconds(10, 0.5), beginsInS: 0, ratePerS: 0 }, 20)
    expect(sum(perS)).toBeCloseTo(5, 1)
    expect(perS.findIndex((vehicles) => vehicles > 0)).toBe(18)
    expect(Math.max(...perS)).toBeLessThan(0.5)
    expect(perS.filter((vehicles) => vehicles > 0.02).length).toBeGreaterThan(15)
  })

  test('that left before now is met where it is by now', () => {
    const leftNow = arrivals({ perS: seconds(5, 1), beginsInS: 0, ratePerS: 0 }, 30)
    const leftBefore = arrivals({ perS: seconds(5, 1), beginsInS: -10, ratePerS: 0 }, 30)
    expect(peakOf(leftNow) - peakOf(leftBefore)).toBe(10)
  })

  test('is never negative, never more than left, and late by about its travel time, whatever left', () => {
    const departure = fc.double({ min: 0, max: OUTLOOK_PER_S_MAX, noNaN: true })
    fc.assert(
      fc.property(fc.array(departure, { maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (perS, travelS) => {
        const arrived = arrivals({ perS, beginsInS: 0, ratePerS: 0 }, travelS)
        expect(Math.min(...arrived)).toBeGreaterThanOrEqual(0)
        expect(sum(arrived)).toBeLessThanOrEqual(sum(perS) + 1e-9)
        expect(sum(arrived.slice(0, Math.floor(0.8 * travelS)))).toBe(0)
      }),
    )
  })
})

describe('what is announced', () => {
  test('comes as planned, and beyond the plan as vehicles lately left', () => {
    const announced = announcedAt(APPROACH, hearing(says(seconds(60, 0.2), seconds(OUTLOOK_PLANNED_S))), NOON_EPOCH_MS)
    expect(announced[5]).toBeCloseTo(0.2, 2)
    expect(announced[70]).toBeLessThan(0.01)
    expect(announced[ANNOUNCED_S - 1]).toBeGreaterThan(0.15)
  })

  test('is nearer by as much as the word is old', () => {
    const left = [...seconds(59), 3]
    const fresh = announcedAt(APPROACH, hearing(says(left)), NOON_EPOCH_MS)
    const old = announcedAt(APPROACH, hearing(says(left)), NOON_EPOCH_MS + 4_000)
    expect(peakOf(fresh) - peakOf(old)).toBe(4)
  })

  test('of ways that the neighbour does not name is nobody', () => {
    const other = {
      ...says(seconds(60, 1)),
      movements: [{ approach: 'N', turn: 'left' as const, left: [1], planned: [] }],
    }
    expect(sum(announcedAt(APPROACH, hearing(other), NOON_EPOCH_MS))).toBe(0)
  })
})

/** A street in which `came(second)` cross the advance loop, and the neighbour says `word(second)`; what was learnt after `forS`. */
function lived(forS: number, came: (second: number) => number, word: (second: number) => Outlook): ArrivalLearning {
  const advance = FED.detectors.filter(
    ({ kind, lanes }) => kind === 'advance' && lanes.some((lane) => APPROACH.lanes.some(({ id }) => id === lane)),
  )
  let learning = NO_ARRIVALS_LEARNT
  let count = 0
  for (let second = 0; second < forS; second++) {
    count += came(second)
    const detectors = Object.fromEntries(
      advance.map(({ id }, index) => [
        id,
        good({ occupied: false, actuationCount: index === 0 ? count % 65_536 : 0 }, 0),
      ]),
    )
    const nowEpochMs = NOON_EPOCH_MS + second * 1_000
    const view = viewOf({ intersection: FED, detectors, nowEpochMs, neighbours: hearing(word(second)) })
    learning = learnArrivals(view, APPROACH, learning)
  }
  return learning
}

/** A platoon of ten in every minute; when it is over the loop, and the same as its neighbour sees it leave. */
const PLATOON_S = 20
const leavesAt = (second: number): number => (((second % 60) + 60) % 60 < PLATOON_S && second % 2 === 0 ? 1 : 0)
const TRAVEL_S = 13
const comesAt = (second: number): number => leavesAt(second - TRAVEL_S)
const leftBy = (second: number): number[] =>
  Array.from({ length: OUTLOOK_PAST_S }, (_, index) => leavesAt(second - OUTLOOK_PAST_S + index))
const plannedAt = (second: number): number[] =>
  Array.from({ length: OUTLOOK_PLANNED_S }, (_, index) => leavesAt(second + index))
const honest = (second: number): Outlook => says(leftBy(second), plannedAt(second), NOON_EPOCH_MS + second * 1_000)

describe('how far a neighbour is believed', () => {
  const HOUR_S = 3_600
  const forecast = (learning: ArrivalLearning, outlook: Outlook, nowEpochMs: number) =>
    arrivalsFrom(hearing(outlook), APPROACH, { nowEpochMs, worth: learning })
  const afterAnHour = NOON_EPOCH_MS + HOUR_S * 1_000

  test('who says what then comes is believed, for those under way and for those planned', () => {
    const learnt = lived(HOUR_S, comesAt, honest)
    expect(believed(learnt.underWay)).toBeGreaterThan(0.8)
    expect(believed(learnt.planned)).toBeGreaterThan(0.8)
    expect(shareOf(learnt.underWay)).toBeGreaterThan(0.8)
    const coming = forecast(learnt, honest(HOUR_S), afterAnHour)
    expect(Math.abs(sum(coming?.expected.slice(0, 60) ?? []) - 10)).toBeLessThan(1)
    expect(Math.max(...(coming?.expected ?? []))).toBeGreaterThan(0.3)
    expect(Math.min(...(coming?.expected ?? []))).toBeLessThan(0.1)
  })

  test.each([
    ['announces five a second all the time', () => says(seconds(60, 5), seconds(75, 5))],
    [
      'announces five a second in every other minute',
      (s: number) => says(seconds(60, s % 120 < 60 ? 5 : 0), seconds(75, s % 120 < 60 ? 0 : 5)),
    ],
    [
      'announces the platoon half a minute off',
      (s: number) => ({ ...honest(s + 30), atEpochMs: NOON_EPOCH_MS + s * 1_000 }),
    ],
  ] as const)('who %s is not: what is expected is what comes on average', (_, lie) => {
    const at = (second: number) => ({ ...lie(second), atEpochMs: NOON_EPOCH_MS + second * 1_000 })
    const learnt = lived(HOUR_S, comesAt, at)
    const coming = forecast(learnt, at(HOUR_S), afterAnHour)
    const mean = 10 / 60
    expect(Math.max(...(coming?.expected ?? []))).toBeLessThan(2.2 * mean)
    expect(sum(coming?.expected ?? [])).toBeLessThan(1.4 * mean * ANNOUNCED_S)
  })

  test('a liar who becomes honest is believed again within half an hour', () => {
    const lying = () => says(seconds(60, 5))
    const learnt = lived(HOUR_S + 1_800, comesAt, (second) =>
      second < HOUR_S ? { ...lying(), atEpochMs: NOON_EPOCH_MS + second * 1_000 } : honest(second),
    )
    expect(believed(learnt.underWay)).toBeGreaterThan(0.5)
  })

  test('the half of a street that no neighbour feeds is expected evenly, beside the platoon', () => {
    const aside = (second: number): number => (second % 6 === 0 ? 1 : 0)
    const learnt = lived(HOUR_S, (second) => comesAt(second) + aside(second), honest)
    const coming = forecast(learnt, honest(HOUR_S), afterAnHour)
    expect(Math.abs(sum(coming?.expected.slice(0, 60) ?? []) - 20)).toBeLessThan(2)
    expect(Math.min(...(coming?.expected ?? []))).toBeGreaterThan(0.08)
  })

  test('an older word counts for less, one of more than five seconds for nothing', () => {
    const confidenceAt = (known: Known<Outlook>, ageMs: number) =>
      arrivalsFrom(new Map([[UP, known]]), APPROACH, { nowEpochMs: NOON_EPOCH_MS + ageMs, worth: NO_ARRIVALS_LEARNT })
        ?.confidence.underWay ?? 0
    const word = says(seconds(60, 0.2))
    const [now, old] = [confidenceAt(good(word, 0), 0), confidenceAt(good(word, 5_000), 5_000)]
    expect(now).toBeGreaterThan(0)
    expect(old / now).toBeCloseTo(0.61, 1)
    expect(confidenceAt(stale(word, 5_001), 5_001)).toBe(0)
  })

  test('a street of which nobody speaks has no forecast', () => {
    expect(arrivalsFrom(NO_NEIGHBOURS, APPROACH, { nowEpochMs: 0, worth: NO_ARRIVALS_LEARNT })).toBeNull()
  })

  test('skill is 1 for a perfect forecast, 0 for one that is no better than the mean, below for a worse one', () => {
    const after = (said: (bin: number) => number, seen: (bin: number) => number) => {
      let lead = NOTHING_LEARNT
      for (let bin = 0; bin < 2_000; bin++) lead = learn(lead, { said: said(bin), seen: seen(bin) })
      return lead
    }
    const every = (n: number) => (bin: number) => (bin % n === 0 ? 3 : 0)
    expect(skillOf(after(every(4), every(4)))).toBeGreaterThan(0.95)
    expect(Math.abs(skillOf(after(() => 2, every(4))))).toBeLessThan(0.1)
    expect(shareOf(after(every(4), (bin) => 0.5 * every(4)(bin)))).toBeCloseTo(0.5, 1)
  })
})
