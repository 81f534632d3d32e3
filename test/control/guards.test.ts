/** What keeps strategies that choose stages from harm: full streets, lying neighbours and loops, buses, preempts and dithering. */
import { describe, expect, test } from 'vitest'
import { bit } from '#base/bits.ts'
import { intersectionId, phaseId } from '#base/id.ts'
import { good } from '#base/known.ts'
import { adaptive, adaptiveWith } from '#control/adaptive/adaptive.ts'
import { maxPressure, maxPressureWith } from '#control/max-pressure/max-pressure.ts'
import { isFull } from '#control/neighbours/heard.ts'
import { NO_QUEUES_YET, stepQueues, waiting } from '#control/queues/lane-queues.ts'
import { CROSSING, DATABASE, PLAN, viewOf } from '#test/support/boulevard-crossing.ts'
import { STAGES } from '#test/support/junctions.ts'
import { run, street, type Scene } from '#test/support/street-of-rows.ts'

const RING = street(STAGES)
const DOWNSTREAM = intersectionId('DOWN')

/** The neighbour at the end of the street into which phase 3 lets go. */
const saysFree = (free: number, atEpochMs = 0): Required<ReturnType<NonNullable<Scene['sight']>>>['neighbours'] => {
  const feeders = [{ intersection: RING.id, approach: 'A3', turn: 'right' as const }]
  const approaches = [{ approach: 'W', feeders, storage: 20, free }]
  return new Map([[DOWNSTREAM, good({ atEpochMs, movements: [], approaches }, 0)]])
}

/** Seconds at which the phase became green. */
const greensOf = ({ begun }: ReturnType<typeof run>, wanted: number): number[] =>
  begun.filter(([phase]) => phase === wanted).map(([, second]) => second)

/** One vehicle every so many seconds, from the first second on. */
const every = (seconds: number, until: number): [number, number][] =>
  Array.from({ length: Math.floor(until / seconds) }, (_, n) => [n * seconds, 1])

test.each([
  { storage: 20, free: 2, full: true },
  { storage: 20, free: 3, full: false },
  { storage: 8, free: 1, full: true },
  { storage: 8, free: 2, full: false },
  { storage: 0, free: 0, full: false },
])('a street for $storage vehicles with room for $free: full is $full', ({ full, ...room }) => {
  expect(isFull(room)).toBe(full)
})

test('a plan that leaves out every phase leaves nothing to choose: the controller is left to itself, with the calls that it cannot see', () => {
  const splitModes = new Map(CROSSING.phases.map(({ id }) => [id, 'omitted' as const]))
  const view = viewOf({ plans: [{ ...PLAN, splitModes }], cardButtons: good(bit(4), 0) })
  for (const strategy of [adaptive, maxPressure]) {
    const { command } = strategy.decide(view, strategy.initial())
    expect(command).toMatchObject({ hold: 0, forceOff: 0, phaseOmit: 0, pedestrianOmit: 0, pedestrianCall: bit(4) })
  }
})

test('contradictory loops, one always covered and one that counts a crowd that nobody sees leave, are served and no more', () => {
  const crowd = (second: number) => good({ occupied: false, actuationCount: second * 2 }, 0)
  const covered = good({ occupied: true, actuationCount: 0 }, 0)
  let memory = NO_QUEUES_YET
  for (let second = 0; second <= 120; second++) {
    const detectors = { 1: crowd(second), 2: covered }
    memory = stepQueues(viewOf({ nowMonoMs: second * 1_000, detectors }), 0, memory)
  }
  // 240 were counted: a platoon, and what its lane may bring beyond that in two minutes of red, at the worth of an entry.
  const said = CROSSING.approaches[0]!.lanes.reduce((sum, { id }) => sum + waiting(memory.lanes[id]!), 0)
  expect(said).toBeLessThan(60)
  expect(said).toBeGreaterThan(1)
})

describe.each([
  { rung: 'max-pressure', strategyWith: maxPressureWith },
  { rung: 'adaptive', strategyWith: adaptiveWith },
])('under $rung', ({ strategyWith }) => {
  const live = (scene: Omit<Scene, 'strategyWith'>) => run(RING, { ...scene, strategyWith })

  test('nobody is let go into a full street, though most wait for it; when there is room they are', () => {
    const rows = { 1: [[1, 2]], 2: [[1, 3]], 3: [[1, 9]] } as const
    const full = live({ rows, sight: (second) => ({ neighbours: saysFree(second < 40 ? 0 : 9) }), seconds: 60 })
    expect(greensOf(full, 3)[0]).toBeGreaterThanOrEqual(40)
    expect(new Set(full.order)).toEqual(new Set([1, 2, 3]))
    expect(greensOf(live({ rows, seconds: 40 }), 3)[0]).toBeLessThan(40)
  })

  test('no green is kept into a street that fills while others wait', () => {
    const rows = {
      3: [
        [0, 10],
        [1, 10],
        [2, 10],
      ],
      1: [[14, 1]],
    } as const
    const endsAt = (free: number) =>
      greensOf(
        live({ rows, sight: (second) => ({ neighbours: saysFree(second < 12 ? 20 : free) }), seconds: 40 }),
        1,
      )[0] ?? 99
    expect(endsAt(0)).toBeLessThan(endsAt(20))
  })

  test('a neighbour that always says it is full keeps nobody waiting beyond the bound', () => {
    const rows = { 1: every(4, 100), 3: [[5, 4]] } as const
    const options = { waitMostMs: 50_000 }
    const lied = live({ rows, options, sight: () => ({ neighbours: saysFree(0) }), seconds: 90 })
    expect(greensOf(lied, 3)[0]).toBeLessThanOrEqual(5 + 4 + 50 + 15)
  })

  test('a bus goes before a queue, its green lasts until it is through, and a weight of nothing is no bus', () => {
    const rows = { 1: [[0, 6]], 2: [[0, 6]] } as const
    const priorities = [{ ...DATABASE.priorities[0]!, number: 1, phases: [phaseId(3)] }]
    const sight = (second: number) => ({ priorities, preempt: { priorityCalls: second < 20 ? bit(1) : 0 } })
    const withBus = live({ rows, sight, seconds: 40 })
    expect(withBus.order[0]).toBe(3)
    expect(withBus.begun[1]?.[1]).toBeGreaterThanOrEqual(20)
    expect(live({ rows, sight, limits: { transitWeight: 0 }, seconds: 20 }).order).not.toContain(3)
  })

  test('while a preempt has the street nothing is held or ended, and a second after it those who have waited longest go', () => {
    const rows = {
      1: [
        [0, 10],
        [1, 10],
        [2, 10],
      ],
      2: [[60, 8]],
      3: [[6, 1]],
    } as const
    const during = (second: number) => second >= 10 && second < 70
    const { steered, begun } = live({
      rows,
      options: { waitMostMs: 40_000 },
      sight: (second) => ({ preempt: during(second) ? { number: 1, state: 'dwell' } : {} }),
      seconds: 100,
    })
    expect([...steered].filter(during)).toEqual([])
    expect(Math.min(...[...steered].filter((second) => second >= 70))).toBeLessThanOrEqual(71)
    expect(begun.map(([phase]) => phase)).toContain(3)
  })

  test('streets that are alike every minute get a rhythm: not twice as many greens as the queues need', () => {
    const rows = { 1: every(6, 300), 2: every(6, 300), 3: every(6, 300) } as const
    const { begun } = live({ rows, seconds: 300 })
    for (const phase of [1, 2, 3]) {
      const starts = greensOf({ begun } as ReturnType<typeof run>, phase)
      const laps = starts.slice(1).map((second, index) => second - starts[index]!)
      expect(Math.min(...laps), `phase ${phase}`).toBeGreaterThanOrEqual(20)
    }
  })
})
