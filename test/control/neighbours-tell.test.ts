/** What neighbours are told of room and departures, and that nothing they say does harm. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detectorId, intersectionId } from '#base/id.ts'
import { good, stale } from '#base/known.ts'
import { NOTHING_LEARNT } from '#control/neighbours/lead.ts'
import { arrivalForecasts, NO_NEIGHBOURS_YET, stepNeighbours, tellNeighbours } from '#control/neighbours/neighbours.ts'
import { roomDownstream, roomOf } from '#control/neighbours/rooms.ts'
import { NO_LOAD_YET, stepLoad } from '#control/neighbours/street-load.ts'
import { actuated } from '#control/actuated.ts'
import { adaptive } from '#control/adaptive/adaptive.ts'
import { maxPressure } from '#control/max-pressure/max-pressure.ts'
import { checkCommand } from '#safety/check-command.ts'
import { NO_NEIGHBOURS, OUTLOOK_PAST_S, OUTLOOK_PER_S_MAX, OUTLOOK_PLANNED_S, type Outlook } from '#signal/outlook.ts'
import {
  BOULEVARD_GREEN,
  CROSSING,
  LIMITS,
  NOON_EPOCH_MS,
  viewOf,
  type ViewChanges,
} from '#test/support/boulevard-crossing.ts'
import { APPROACH, DISTANCE_M, FED, hearing, says, seconds, UP } from '#test/support/fed-crossing.ts'

describe('room', () => {
  const worth = NOTHING_LEARNT
  const empty = { vehicles: 0, coveredS: 0, seenFromM: 50, beyond: 0 }

  test('is what the street holds, less those who stand in it and those who are on their way to it', () => {
    const neighbours = hearing(says([...seconds(50), ...seconds(10, 1)]))
    const alone = roomOf(APPROACH, empty, { neighbours: NO_NEIGHBOURS, worth })
    const filled = roomOf(APPROACH, { ...empty, vehicles: 7.5 }, { neighbours, worth })
    expect(alone?.free).toBe(alone?.storage)
    expect(alone?.storage).toBe(Math.floor((APPROACH.lanes.length * DISTANCE_M) / 7.5))
    expect(filled?.free).toBe(Math.floor((alone?.storage ?? 0) - 17.5))
  })

  test('behind a queue that stands over the loops is less by all who have come since', () => {
    const neighbours = hearing(says(seconds(60, 0.5)))
    const [moving, standing] = [0, 20].map((coveredS) =>
      roomOf(APPROACH, { ...empty, coveredS }, { neighbours, worth }),
    )
    expect((moving?.free ?? 0) - (standing?.free ?? 0)).toBe(10)
    expect(roomOf(APPROACH, { ...empty, vehicles: 500 }, { neighbours, worth })?.free).toBe(0)
  })

  test('is none in a street that stands still, though nobody has come into it for minutes, until its loops are free', () => {
    const loops = CROSSING.detectors.filter(
      ({ kind, lanes }) => kind === 'advance' && lanes[0] === APPROACH.lanes[0]?.id,
    )
    let load = NO_LOAD_YET
    const live = (from: number, to: number, { perS, occupied }: { perS: number; occupied: boolean }) => {
      for (let second = from; second < to; second++) {
        const nowEpochMs = NOON_EPOCH_MS + second * 1_000
        const neighbours = hearing(says(seconds(60, perS), [], nowEpochMs))
        const detectors = Object.fromEntries(loops.map(({ id }) => [id, good({ occupied, actuationCount: 0 }, 0)]))
        const view = { ...viewOf({ nowMonoMs: second * 1_000, nowEpochMs, neighbours, detectors }), intersection: FED }
        load = stepLoad(view, APPROACH, { before: load, worth })
      }
      return load.beyond
    }
    expect(live(0, 31, { perS: 0.5, occupied: true })).toBeCloseTo(15)
    expect(live(31, 300, { perS: 0, occupied: true })).toBeCloseTo(15)
    expect(live(300, 303, { perS: 0, occupied: false })).toBeCloseTo(15)
    expect(live(303, 304, { perS: 0, occupied: false })).toBe(0)
    expect(live(304, 900, { perS: 1, occupied: true })).toBe(Math.floor((APPROACH.lanes.length * DISTANCE_M) / 7.5))
  })

  test('of the street that a way leads into is told by whoever lives at its end, and else by nobody', () => {
    const [storage, free] = [40, 3]
    const feeders = [{ intersection: CROSSING.id, approach: 'N', turn: 'through' as const }]
    const outlook: Outlook = { ...says([]), approaches: [{ approach: 'W', feeders, storage, free }] }
    const way = { approach: 'N', turn: 'through' as const }
    expect(roomDownstream(hearing(outlook), CROSSING, way)).toEqual({ storage, free })
    expect(roomDownstream(hearing(outlook), CROSSING, { ...way, turn: 'left' })).toBeNull()
    expect(roomDownstream(new Map([[UP, stale(outlook, 6_000)]]), CROSSING, way)).toBeNull()
    const fuller = { ...outlook, approaches: [...outlook.approaches, { approach: 'E', feeders, storage: 9, free: 1 }] }
    expect(roomDownstream(hearing(fuller), CROSSING, way)).toEqual({ storage: 9, free: 1 })
  })
})

/** Anything that the schema of the messages lets through. */
const vehicles = (maxLength: number) =>
  fc.array(fc.double({ min: 0, max: OUTLOOK_PER_S_MAX, noNaN: true }), { maxLength })
const anyOutlook: fc.Arbitrary<Outlook> = fc.record({
  atEpochMs: fc.integer({ min: NOON_EPOCH_MS - 5_000, max: NOON_EPOCH_MS + 500 }),
  movements: fc.array(
    fc.record({
      approach: fc.constantFrom('N', 'S', '', '__proto__'),
      turn: fc.constantFrom('left', 'through', 'right'),
      left: vehicles(OUTLOOK_PAST_S),
      planned: vehicles(OUTLOOK_PLANNED_S),
    }),
    { maxLength: 6 },
  ),
  approaches: fc.array(
    fc.record({
      approach: fc.string(),
      feeders: fc.array(
        fc.record({
          intersection: fc.constantFrom(CROSSING.id, UP, intersectionId('')),
          approach: fc.constantFrom('N', 'constructor'),
          turn: fc.constantFrom('left', 'through', 'right'),
        }),
        { maxLength: 3 },
      ),
      storage: fc.nat(25_000),
      free: fc.nat(25_000),
    }),
    { maxLength: 4 },
  ),
})

describe('whatever a neighbour says', () => {
  test('nobody throws, and what is expected is a number of vehicles that lanes can carry', () => {
    fc.assert(
      fc.property(fc.array(anyOutlook, { minLength: 1, maxLength: 30 }), (outlooks) => {
        let memory = NO_NEIGHBOURS_YET
        outlooks.forEach((outlook, second) => {
          const view = heard(outlook, second)
          memory = stepNeighbours(view, memory)
          const told = tellNeighbours(view, memory, {
            streets: new Map([[APPROACH.id, { vehicles: 3, coveredS: 0, seenFromM: 50 }]]),
            planned: null,
          })
          for (const { storage, free } of told.approaches) expect(free >= 0 && free <= storage).toBe(true)
          const coming = arrivalForecasts(view, memory).get(APPROACH.id)
          for (const each of coming?.expected ?? []) expect(each >= 0 && each <= 0.7 * APPROACH.lanes.length).toBe(true)
        })
        expect(JSON.parse(JSON.stringify(memory))).toEqual(memory)
      }),
      { numRuns: 60 },
    )
  })

  test('a strategy that does not ask for it decides as if nobody had spoken', () => {
    const rest = { signal: BOULEVARD_GREEN, intersection: FED }
    fc.assert(
      fc.property(fc.array(anyOutlook, { minLength: 1, maxLength: 20 }), (outlooks) => {
        let [alone, among] = [actuated.initial(), actuated.initial()]
        outlooks.forEach((outlook, second) => {
          const quiet = actuated.decide({ ...heard(outlook, second, rest), neighbours: NO_NEIGHBOURS }, alone)
          const loud = actuated.decide(heard(outlook, second, rest), among)
          expect([loud.command, loud.why]).toEqual([quiet.command, quiet.why])
          ;[alone, among] = [quiet.memory, loud.memory]
        })
      }),
      { numRuns: 40 },
    )
  })

  test('strategies that choose stages decide something legal, within their bounds', () => {
    const rest = { signal: BOULEVARD_GREEN, intersection: FED }
    fc.assert(
      fc.property(fc.array(anyOutlook, { minLength: 1, maxLength: 12 }), (outlooks) => {
        let memory = adaptive.initial()
        outlooks.forEach((outlook, second) => {
          const view = heard(outlook, second, rest)
          const decision = adaptive.decide(view, memory)
          expect(checkCommand(LIMITS, view, decision.command)).toMatchObject({ pass: true })
          memory = decision.memory
        })
      }),
      { numRuns: 20 },
    )
  })

  const heard = (outlook: Outlook, second: number, changes: ViewChanges = { intersection: FED }) =>
    viewOf({
      ...changes,
      nowMonoMs: second * 1_000,
      nowEpochMs: NOON_EPOCH_MS,
      neighbours: second % 7 === 3 ? NO_NEIGHBOURS : hearing(outlook),
    })
})

test('strategies that choose stages tell their neighbours once a second who left and how much room there is', () => {
  const detectors = { [detectorId(1)]: good({ occupied: false, actuationCount: 0 }, 0) }
  let memory = maxPressure.initial()
  const told: (Outlook | null | undefined)[] = []
  for (let ms = 0; ms <= 2_000; ms += 100) {
    const decision = maxPressure.decide(viewOf({ intersection: FED, nowMonoMs: ms, detectors }), memory)
    memory = decision.memory
    told.push(decision.outlook)
  }
  expect(told.flatMap((outlook, tick) => (outlook ? [tick] : []))).toEqual([0, 10, 20])
  expect(told[20]?.approaches).toMatchObject([
    { approach: APPROACH.id, feeders: [{ intersection: UP, turn: 'through' }] },
  ])
})
