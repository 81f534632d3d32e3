/** What is learnt of how queues discharge, from loops at both ends of one lane: from those alone who surely stood in it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bad, good } from '#base/known.ts'
import { readLearnt } from '#control/learnt.ts'
import { HEADWAY, saturationPerS, SATURATION_PER_S, START_UP, YIELDING } from '#control/queues/discharge.ts'
import { assumed, learn } from '#control/queues/estimate.ts'
import { NO_QUEUES_YET, stepQueues, type QueuesMemory } from '#control/queues/lane-queues.ts'
import { beginQueues, learntOfQueues } from '#control/queues/learnt-queues.ts'
import { TRAVEL } from '#control/queues/travel.ts'
import type { Intersection } from '#signal/intersection.ts'
import { CROSSING, viewOf, type DetectorPicture } from '#test/support/boulevard-crossing.ts'

const NORTH = 0b10
const SOUTH = 0b10_0000
const TICK_MS = 200

/** One lane from the north, 45 m from the stop line to the advance loop: four seconds by what is assumed. */
const street = (turns: readonly ('left' | 'through' | 'right')[]): Intersection => ({
  ...CROSSING,
  approaches: CROSSING.approaches
    .filter(({ id }) => id === 'N' || id === 'S')
    .map((approach) =>
      approach.id === 'N'
        ? { ...approach, lanes: approach.lanes.slice(0, 1).map((lane) => ({ ...lane, turns })) }
        : approach,
    ),
})

interface Cycles {
  readonly intersection?: Intersection
  readonly greens?: number
  readonly cycles: number
  /** Who stands before green, and how they leave. */
  readonly queue: number
  readonly headwayMs: number
  readonly startUpMs?: number
  /** Each actuation of the stop-bar loop is told so many times. */
  readonly chatter?: number
  readonly failed?: boolean
}

const RED_MS = 40_000
const CYCLE_MS = 90_000

/** Each cycle a queue comes in red and leaves in green. */
function discharge(of: Cycles, begun = NO_QUEUES_YET): QueuesMemory {
  const { queue, headwayMs, startUpMs = 2_000, chatter = 1 } = of
  const leaveMs = Array.from({ length: queue }, (_, n) => (n === 0 ? 6_000 : RED_MS + startUpMs + n * headwayMs))
  const enterMs = Array.from({ length: queue }, (_, n) => 2_000 + n * 2_000)
  const passed = (times: readonly number[], ms: number) => times.filter((each) => each <= ms).length
  let memory = begun
  for (let ms = 0; ms < of.cycles * CYCLE_MS; ms += TICK_MS) {
    const [cycle, inCycleMs] = [Math.floor(ms / CYCLE_MS), ms % CYCLE_MS]
    const gone = passed(leaveMs, inCycleMs)
    const stands = gone > 0 && (gone < queue || inCycleMs < leaveMs[queue - 1]! + 1_000)
    const left = good({ occupied: stands, actuationCount: chatter * (cycle * queue + gone) }, 0)
    const detectors: Record<number, DetectorPicture> = {
      1: good({ occupied: false, actuationCount: cycle * queue + passed(enterMs, inCycleMs) }, 0),
      2: of.failed === true ? bad('open loop') : left,
    }
    const greens = inCycleMs < RED_MS ? 0 : (of.greens ?? NORTH)
    const intersection = of.intersection ?? street(['through'])
    memory = stepQueues(viewOf({ nowMonoMs: ms, intersection, detectors }), greens, memory)
  }
  return memory
}

const laneOf = ({ lanes }: QueuesMemory) => lanes['N1']!.discharge

describe('the saturation headway of a lane', () => {
  test.each([0.42, 0.45, 0.6])('of %f vehicles a second is learnt within a hundred of a queue, to 7 %', (perS) => {
    const learnt = laneOf(discharge({ cycles: 10, queue: 15, headwayMs: Math.round(10 / perS) * 100 }))
    expect(learnt.headway.seen).toBeGreaterThan(80)
    expect(learnt.headway.seen).toBeLessThanOrEqual(100)
    expect(saturationPerS(learnt)).toBeGreaterThan(0.93 * perS)
    expect(saturationPerS(learnt)).toBeLessThan(1.07 * perS)
  })

  test('begins as HCM has it', () => {
    expect(saturationPerS({ headway: assumed(HEADWAY) })).toBeCloseTo(SATURATION_PER_S)
  })

  test.each<readonly [string, Cycles]>([
    ['queues of four, who start up', { cycles: 5, queue: 4, headwayMs: 2_200 }],
    ['vehicles who follow too late to have stood', { cycles: 5, queue: 10, headwayMs: 3_600 }],
    ['a loop that counts each twice', { cycles: 5, queue: 15, headwayMs: 2_200, chatter: 2 }],
    ['a loop that counts faster than anybody drives', { cycles: 5, queue: 20, headwayMs: 700 }],
    ['a loop that has failed', { cycles: 5, queue: 15, headwayMs: 2_200, failed: true }],
    ['a lane of which only some are green', { ...MIXED_IN_PART(), cycles: 5, queue: 15, headwayMs: 2_200 }],
  ])('is not learnt from %s', (_, of) => {
    expect(laneOf(discharge(of)).headway).toEqual(assumed(HEADWAY))
  })

  test('a single long one counts for no more than the median would let it', () => {
    const manner = { ...HEADWAY, worth: 0 }
    const usual = Array.from({ length: 50 }, () => 2_000).reduce((each, ms) => learn(each, ms, manner), assumed(manner))
    expect(learn(usual, 3_500, manner).value - usual.value).toBeCloseTo(HEADWAY.off / 51)
  })
})

function MIXED_IN_PART(): Pick<Cycles, 'intersection'> {
  const own = street(['through', 'left'])
  const approaches = own.approaches.map((approach) => ({
    ...approach,
    lanes: approach.lanes.map((lane) =>
      lane.id === 'N1' ? { ...lane, turnHeads: { left: CROSSING.approaches[1]!.lanes[0]!.head } } : lane,
    ),
  }))
  return { intersection: { ...own, approaches } }
}

test.each([1_000, 3_000])('a start-up of %d ms is learnt', (startUpMs) => {
  const { startUp } = laneOf(discharge({ cycles: 20, queue: 10, headwayMs: 1_900, startUpMs }))
  expect(startUp.seen).toBe(20)
  expect(Math.abs(startUp.value - startUpMs)).toBeLessThan(500)
})

describe('who yields', () => {
  const left = street(['left'])

  test('goes as often as there are gaps: half as often as assumed, or twice as often', () => {
    // A quarter of 0.53 a second is one in 7.5 s.
    const seldom = discharge({ intersection: left, greens: NORTH | SOUTH, cycles: 12, queue: 4, headwayMs: 14_000 })
    const often = discharge({ intersection: left, greens: NORTH | SOUTH, cycles: 12, queue: 12, headwayMs: 3_800 })
    expect(laneOf(seldom).yielding.value).toBeLessThan(0.8)
    expect(laneOf(often).yielding.value).toBeGreaterThan(1.5)
    expect(laneOf(often).headway).toEqual(assumed(HEADWAY))
  })

  test('who has his own green tells nothing of gaps', () => {
    const alone = discharge({ intersection: left, greens: NORTH, cycles: 3, queue: 12, headwayMs: 2_000 })
    expect(laneOf(alone).yielding).toEqual(assumed(YIELDING))
    expect(laneOf(alone).headway.seen).toBeGreaterThan(10)
  })
})

describe('the time from the advance loop to the stop line', () => {
  /** Green all the time; drivers enter one after the other, and are there after so long. */
  function drive(everyMs: number, travelMs: number, { greens = NORTH, failed = false } = {}): QueuesMemory {
    let memory = NO_QUEUES_YET
    const until = (ms: number) => Math.max(0, Math.floor(ms / everyMs))
    for (let ms = 0; ms < 60 * everyMs; ms += TICK_MS) {
      const gone = until(ms - travelMs)
      const detectors: Record<number, DetectorPicture> = {
        1: failed ? bad('open loop') : good({ occupied: false, actuationCount: until(ms) }, 0),
        2: good({ occupied: gone > until(ms - travelMs - 500), actuationCount: gone }, 0),
      }
      memory = stepQueues(viewOf({ nowMonoMs: ms, intersection: street(['through']), detectors }), greens, memory)
    }
    return memory
  }
  const ratioOf = ({ approaches }: QueuesMemory) => approaches['N']!.travel.ratio

  test.each([3_200, 5_000])('of those who drive alone is learnt: %d ms instead of 4 s', (travelMs) => {
    const { value, seen } = ratioOf(drive(12_000, travelMs))
    expect(seen).toBeGreaterThan(50)
    expect(Math.abs(value - travelMs / 4_000)).toBeLessThan(0.06)
  })

  test.each<readonly [string, QueuesMemory]>([
    ['who come in red', drive(12_000, 3_200, { greens: 0 })],
    ['whom no advance loop saw', drive(12_000, 3_200, { failed: true })],
    ['who take longer than anybody drives', drive(20_000, 6_600)],
    ['who are sooner there than anybody drives', drive(12_000, 2_000)],
  ])('is not learnt from those %s', (_, memory) => {
    expect(ratioOf(memory)).toEqual(assumed(TRAVEL))
  })

  test('nor from those who have others near them, but for the first of all', () => {
    expect(ratioOf(drive(5_000, 3_200)).seen).toBe(1)
  })
})

describe('whatever loops say', () => {
  const readings = fc.array(
    fc.record({
      stepMs: fc.integer({ min: 0, max: 4_000 }),
      greens: fc.constantFrom(0, NORTH, NORTH | SOUTH),
      entered: fc.integer({ min: 0, max: 12 }),
      left: fc.integer({ min: 0, max: 12 }),
      occupied: fc.boolean(),
      isGood: fc.boolean(),
    }),
    { maxLength: 200 },
  )

  test('what is learnt stays within its limits, and a file of it is read again as it was', () => {
    fc.assert(
      fc.property(
        readings,
        fc.constantFrom(street(['through']), street(['left']), street(['left', 'through'])),
        (steps, intersection) => {
          let memory = NO_QUEUES_YET
          let [nowMonoMs, entered, left] = [0, 0, 0]
          for (const step of steps) {
            nowMonoMs += step.stepMs
            entered += step.entered
            left += step.left
            const read = (actuationCount: number) => good({ occupied: step.occupied, actuationCount }, 0)
            const detectors: Record<number, DetectorPicture> = {
              1: read(entered),
              2: step.isGood ? read(left) : bad('open loop'),
              4: read(left),
            }
            memory = stepQueues(viewOf({ nowMonoMs, intersection, detectors }), step.greens, memory)
          }
          const learnt = learntOfQueues(memory)
          const again = readLearnt(JSON.parse(JSON.stringify(learnt)), intersection)
          expect(again).toEqual({ ok: true, value: learnt })
          for (const { headway, startUp } of Object.values(memory.lanes).map((lane) => lane.discharge)) {
            expect(headway.value).toBeGreaterThanOrEqual(HEADWAY.limits.least)
            expect(startUp.value).toBeLessThanOrEqual(START_UP.limits.most)
          }
        },
      ),
      { numRuns: 50 },
    )
  })
})

test('a restart keeps all of it, and records of before it was learnt are read', () => {
  const memory = discharge({ cycles: 4, queue: 15, headwayMs: 2_300 })
  const begun = beginQueues(learntOfQueues(memory))
  expect(begun.lanes['N1']!.discharge).toEqual({ ...laneOf(memory), run: null })
  expect(begun.approaches['N']!.travel.ratio).toEqual(memory.approaches['N']!.travel.ratio)
  const older = readLearnt(
    { version: 1, lanes: { N1: { share: 1, flow: 0.1 } }, approaches: { N: { worth: 1 } }, history: {} },
    street(['through']),
  )
  expect(older.ok && beginQueues(older.value).lanes['N1']!.discharge.headway).toEqual(assumed(HEADWAY))
})
