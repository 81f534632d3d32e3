/** Who will leave by the plan: told before it happens, as the plan would let them go, and heard by the next street. */
import { describe, expect, test } from 'vitest'
import { detectorId } from '#base/id.ts'
import { good } from '#base/known.ts'
import { adaptive } from '#control/adaptive/adaptive.ts'
import { maxPressure, type PressureMemory } from '#control/max-pressure/max-pressure.ts'
import { announcedAt } from '#control/neighbours/announced.ts'
import { NOBODY_LEFT_YET } from '#control/neighbours/departures.ts'
import { outlookOf } from '#control/neighbours/outlook-of.ts'
import type { Strategy } from '#control/strategy.ts'
import type { MovementOutlook, Outlook } from '#signal/outlook.ts'
import { BOULEVARD_GREEN, CROSSING, NOON_EPOCH_MS, viewOf } from '#test/support/boulevard-crossing.ts'
import { APPROACH, hearing, says, seconds, sum } from '#test/support/fed-crossing.ts'

/** The advance loop and the stop line of the only lane from the east, which phase 4 lets go. */
const [ADVANCE, STOP_LINE] = [11, 12]
const VEHICLES = 8
/** Yellow and red clearance of the boulevard, and the start-up of the queue. */
const CHANGE_S = 5
const START_UP_S = 2

/** In the least green of an empty boulevard a queue comes together from the east; what is said as soon as it is over. */
function saidBy(strategy: Strategy<PressureMemory>): { readonly outlook: Outlook; readonly memory: PressureMemory } {
  let memory = strategy.initial()
  let outlook: Outlook | null = null
  for (let second = 0; second <= VEHICLES; second++) {
    const detectors = Object.fromEntries(
      CROSSING.detectors.map(({ id }) => {
        const comes = id === detectorId(ADVANCE)
        const stands = id === detectorId(STOP_LINE) && second > 4
        return [id, good({ occupied: stands, actuationCount: comes ? second : stands ? 1 : 0 }, 0)]
      }),
    )
    const clocks = { nowMonoMs: second * 1_000, nowEpochMs: NOON_EPOCH_MS + second * 1_000 }
    const elapsedMs = second < VEHICLES ? 1_000 : 20_000
    const signal = { ...BOULEVARD_GREEN, rings: BOULEVARD_GREEN.rings.map((ring) => ({ ...ring, elapsedMs })) }
    const decision = strategy.decide(viewOf({ ...clocks, signal, detectors }), memory)
    memory = decision.memory
    outlook = decision.outlook ?? outlook
  }
  if (outlook === null) throw new Error('who chooses stages tells his neighbours')
  return { outlook, memory }
}

const plannedFrom = ({ movements }: Outlook, approach: string): MovementOutlook['planned'] =>
  movements.find((movement) => movement.approach === approach)?.planned ?? []

describe('with a queue before a red that is about to end', () => {
  const { outlook, memory } = saidBy(adaptive)
  const east = plannedFrom(outlook, 'E')

  test('what is told is what the plan lets go, second by second', () => {
    expect(east.length).toBeGreaterThan(60)
    const lane = memory.planned?.lanes['E1'] ?? []
    expect(lane.map((vehicles) => Math.round(vehicles * 100) / 100)).toEqual(east)
  })

  test('nobody is told to leave in red and start-up, and then the queue is, at its saturation flow', () => {
    expect(sum(east.slice(0, CHANGE_S + START_UP_S))).toBe(0)
    expect(Math.min(...east.slice(CHANGE_S + START_UP_S, CHANGE_S + START_UP_S + VEHICLES))).toBeGreaterThan(0.4)
    expect(sum(east)).toBeGreaterThan(VEHICLES - 1)
    const soon = CHANGE_S + START_UP_S + VEHICLES
    expect(sum(plannedFrom(outlook, 'N').slice(0, soon))).toBeLessThan(sum(east.slice(0, soon)))
  })

  test('the next street sees them coming before the first has left', () => {
    const heard = hearing(says(seconds(9), east, outlook.atEpochMs))
    const silent = hearing(says(seconds(9), [], outlook.atEpochMs))
    const [coming, unseen] = [heard, silent].map((words) => announcedAt(APPROACH, words, outlook.atEpochMs))
    expect(sum(unseen ?? [])).toBe(0)
    expect(sum(coming?.slice(0, 60) ?? [])).toBeGreaterThan(VEHICLES - 2)
    expect(coming?.findIndex((perS) => perS > 0.1)).toBeGreaterThan(CHANGE_S + START_UP_S + 10)
  })

  test('a rule that looks no further tells nobody what it does not know', () => {
    expect(plannedFrom(saidBy(maxPressure).outlook, 'E')).toEqual([])
  })
})

test.each([
  { made: 'now', overS: 0, first: 0.1 },
  { made: 'half a second ago', overS: 0.4, first: 0.1 },
  { made: 'three seconds ago', overS: 3, first: 0.4 },
  { made: 'longer ago than it reaches', overS: 99, first: undefined },
])('a plan that was made $made is told from the second on in which the street is', ({ overS, first }) => {
  const planned = { atMonoMs: 0, greens: [8, 8, 8, 8], lanes: { E1: [0.1, 0.2, 0.3, 0.4] } }
  const nowMonoMs = overS * 1_000
  const departures = { ...NOBODY_LEFT_YET, atMonoMs: nowMonoMs }
  const outlook = outlookOf(viewOf({ nowMonoMs }), { departures, planned, rooms: [] })
  expect(plannedFrom(outlook, 'E')[0]).toBe(first)
  expect(plannedFrom(outlook, 'E')).toHaveLength(Math.max(0, 4 - Math.round(overS)))
})
