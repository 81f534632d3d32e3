/** Max-pressure over the real controller, on a street of rows. */
import { describe, expect, test } from 'vitest'
import { bitsOf } from '#base/bits.ts'
import { detectorId, phaseId } from '#base/id.ts'
import { bad, good } from '#base/known.ts'
import type { Detector } from '#signal/detector.ts'
import type { Intersection } from '#signal/intersection.ts'
import { PATTERN_FREE, PATTERN_STANDBY } from '#signal/timing-plan.ts'
import { maxPressure } from '#control/max-pressure/max-pressure.ts'
import { laneDemands } from '#control/max-pressure/demand.ts'
import { NO_QUEUES_YET, stepQueues } from '#control/queues/lane-queues.ts'
import type { IntersectionView } from '#signal/view.ts'
import { CROSSING, viewOf, type DetectorPicture } from '#test/support/boulevard-crossing.ts'
import { EIGHT_PHASES, plan, STAGES, type PhaseFacts } from '#test/support/junctions.ts'
import { run, street } from '#test/support/street-of-rows.ts'

const RING = street(STAGES)

describe('a ring of stages in free order', () => {
  test('the longest queue is served first, wherever it stands in the ring', () => {
    const { order } = run(RING, { rows: { 1: [[1, 2]], 2: [[1, 3]], 3: [[1, 10]] }, seconds: 60 })
    expect(order.slice(0, 1)).toEqual([3])
    expect(new Set(order)).toEqual(new Set([1, 2, 3]))
  })

  test('a green goes on while its queue discharges, and ends when it has', () => {
    const { begun } = run(RING, { rows: { 1: [[0, 12]], 2: [[6, 4]] }, seconds: 60 })
    const [first, second] = begun
    expect(first?.[0]).toBe(1)
    expect(second?.[0]).toBe(2)
    expect(second![1] - first![1]).toBeGreaterThan(20)
    expect(second![1] - first![1]).toBeLessThan(36)
  })

  test('nobody anywhere: it rests', () => {
    const { order, reasons } = run(RING, { rows: {}, seconds: 20 })
    expect(order).toEqual([])
    expect(reasons.at(-1)?.code).toBe('RESTING')
  })

  test('a single vehicle waits no longer than the bound beside a street that is never empty', () => {
    const many = Array.from({ length: 200 }, (_, second): [number, number] => [second, 1])
    const { begun, reasons } = run(street({ ...STAGES, phases: { 1: { timing: { max1Ms: 300_000 } } } }), {
      rows: { 1: [[0, 20], ...many], 3: [[10, 1]] },
      options: { waitMostMs: 60_000 },
      seconds: 120,
    })
    const served = begun.find(([phase]) => phase === 3)
    expect(served?.[1]).toBeGreaterThanOrEqual(40)
    expect(served?.[1]).toBeLessThan(85)
    expect(reasons.map(({ code }) => code)).toContain('WAITED_LONGEST')
  })

  test('of two beyond the bound the one who has waited longer is served first', () => {
    const many = Array.from({ length: 200 }, (_, second): [number, number] => [second, 1])
    const { order } = run(street({ ...STAGES, phases: { 1: { timing: { max1Ms: 300_000 } } } }), {
      rows: { 1: [[0, 20], ...many], 2: [[14, 1]], 3: [[10, 1]] },
      options: { waitMostMs: 30_000, hysteresis: 9 },
      seconds: 90,
    })
    expect(order.indexOf(3)).toBeLessThan(order.indexOf(2))
  })

  test('a green that has had its maximum gives way to any who wait', () => {
    const { begun } = run(RING, { rows: { 1: [[0, 60]], 3: [[2, 1]] }, seconds: 50 })
    const served = begun.find(([phase]) => phase === 3)
    expect(served?.[1]).toBeLessThan(40)
  })

  test('what the plan of the day leaves out is not served', () => {
    const plans = [
      plan(1, { cycleS: 60, splitsS: { 1: 20, 2: 0, 3: 20, 4: 20 }, modes: { 2: 'omitted' }, coordinated: [1] }),
    ]
    const { order } = run(RING, { rows: { 2: [[0, 10]], 3: [[0, 1]] }, plans, seconds: 60 })
    expect(order).toContain(3)
    expect(order).not.toContain(2)
  })

  test('a lane whose loop is not trusted is served as if somebody stood there', () => {
    const { order } = run(RING, { rows: {}, blind: [2], seconds: 60 })
    expect(order).toContain(2)
  })
})

describe('a ring of stages in its own order', () => {
  test('only the next for which somebody waits may follow', () => {
    const { order } = run(RING, {
      rows: { 1: [[0, 3]], 2: [[0, 10]], 3: [[0, 1]] },
      options: { order: 'cyclic' },
      seconds: 90,
    })
    expect(order.slice(0, 3)).toEqual([1, 2, 3])
  })
})

describe('people', () => {
  const WALKING = street({ ...STAGES, phases: { 2: { timing: { walkMs: 4_000, pedClearMs: 6_000 } } } })
  const many = Array.from({ length: 200 }, (_, second): [number, number] => [second, 1])

  test('walk within the bound beside a queue that never ends', () => {
    const { begun } = run(WALKING, {
      rows: { 1: [[0, 30], ...many] },
      buttons: { 20: [2] },
      options: { walkWaitMostMs: 40_000 },
      seconds: 120,
    })
    expect(begun.find(([phase]) => phase === 2)?.[1]).toBeLessThan(80)
  })

  test('who presses in the middle of a green walks with the next one', () => {
    const { begun } = run(WALKING, {
      rows: { 2: [[0, 30], ...many], 3: [[4, 3]] },
      buttons: { 25: [2] },
      options: { walkWaitMostMs: 30_000 },
      seconds: 150,
    })
    expect(begun.filter(([phase, second]) => phase === 2 && second > 25).length).toBeGreaterThan(0)
  })
})

describe('two rings', () => {
  test('the pair that presses most is served, barrier by barrier', () => {
    const { begun } = run(street(EIGHT_PHASES), {
      rows: { 2: [[0, 9]], 6: [[0, 9]], 4: [[0, 3]], 3: [[0, 2]] },
      seconds: 80,
    })
    const phases = begun.map(([phase]) => phase)
    expect(phases.indexOf(2)).toBeLessThan(phases.indexOf(4))
    expect(phases.indexOf(6)).toBeLessThan(phases.indexOf(4))
    expect(phases).toContain(3)
  })
})

describe('two rings whose through phases are recalled and may not be left out', () => {
  const through: PhaseFacts = { dualEntry: true, recall: 'minimum' }
  const RECALLED = street({ ...EIGHT_PHASES, phases: { 2: through, 4: through, 6: through, 8: through } })
  const omittable = [1, 3, 5, 7]
  const many = (from: number) => Array.from({ length: 400 }, (_, second): [number, number] => [from + second, 1])

  test('each left has its turn within the bound and a lap of greens, though all streets are full', () => {
    const rows = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((phase) => [phase, [[0, 10], ...many(0)]]))
    const { begun } = run(RECALLED, { rows: rows as never, omittable, seconds: 240 })
    for (const left of omittable) {
      const turns = begun.filter(([phase]) => phase === left).map(([, second]) => second)
      const waits = turns.slice(1).map((second, index) => second - turns[index]!)
      expect(Math.max(...waits), `left ${left}`).toBeLessThanOrEqual(160)
      expect(turns.length, `left ${left}`).toBeGreaterThanOrEqual(2)
    }
  })

  test('one ring goes on while the other still serves a longer queue', () => {
    const { begun } = run(RECALLED, {
      rows: { 1: [[20, 1]], 5: [[20, 9]], 2: [[22, 6]], 6: [[22, 6]] },
      omittable,
      seconds: 90,
    })
    const after = (wanted: number): number => begun.find(([phase, second]) => phase === wanted && second > 22)![1]
    expect(after(2)).toBeLessThan(after(6))
  })

  test('somebody alone at a left is served though nobody is in the group that comes before it', () => {
    const { begun } = run(RECALLED, { rows: { 2: [[0, 3]], 1: [[30, 1]] }, omittable, seconds: 120 })
    const turn = begun.find(([phase, second]) => phase === 1 && second >= 30)
    expect(turn?.[1]).toBeLessThan(60)
  })
})

describe('phases that no lane explains', () => {
  const tram: Intersection = { ...RING, approaches: RING.approaches.filter(({ id }) => id !== 'A2') }

  test('are served when they are called', () => {
    expect(run(tram, { rows: { 2: [[0, 1]] }, seconds: 40 }).order).toContain(2)
  })

  test('are served within the bound when they are recalled', () => {
    const recalled = {
      ...tram,
      phases: tram.phases.map((phase) => (phase.id === phaseId(2) ? { ...phase, recall: 'minimum' as const } : phase)),
    }
    const { order } = run(recalled, { rows: { 1: [[0, 60]] }, seconds: 60 })
    expect(order).toContain(2)
  })
})

describe('a camera over a lane with loops', () => {
  const zone: Detector = { ...CROSSING.detectors[1]!, id: detectorId(9), kind: 'zone', lanes: ['N1'] }
  const intersection = { ...CROSSING, detectors: [...CROSSING.detectors, zone] }
  const view = (nowMonoMs: number, entered: number, pictures: Pictures): IntersectionView => {
    const plain = viewOf({
      intersection,
      nowMonoMs,
      detectors: { 1: good({ occupied: false, actuationCount: entered }, 0) },
    })
    return { ...plain, detectors: new Map([...plain.detectors, ...pictures]) }
  }
  const demands = (...pictures: Pictures) => {
    const before = stepQueues(view(0, 0, pictures), 0, NO_QUEUES_YET)
    return laneDemands(view(100, 2, pictures), stepQueues(view(100, 2, pictures), 0, before))[0]
  }
  type Pictures = [ReturnType<typeof detectorId>, DetectorPicture][]
  const seen = good({ occupied: true, actuationCount: 0, cells: [{ vehicles: 2, speedMps: 12 }] }, 0)

  test.for<[string, DetectorPicture]>([
    ['is dark', bad('dark')],
    ['sees them too', seen],
  ])('that %s leaves the counting to them', ([, cells]) => {
    expect(demands([detectorId(9), cells])).toMatchObject({ coming: [{ inMs: 4_000 }, { inMs: 4_000 }], waiting: 0 })
  })

  test.each([1, 2])('counts where loop %i has failed, and whom it sees come is not expected once more', (loop) => {
    const failed = demands([detectorId(9), seen], [detectorId(loop), bad('dark')])
    expect(failed).toMatchObject({ coming: [], waiting: loop === 1 ? 0.8 : 1 })
  })
})

describe('somebody else decides', () => {
  const decide = (changes: Parameters<typeof viewOf>[0]) => maxPressure.decide(viewOf(changes), maxPressure.initial())

  test('an engine has the street: calls go on, nothing is steered', () => {
    const { command, why } = decide({
      signal: { preempt: { number: 1, state: 'dwell', calls: 1, priorityCalls: 0, priorityActive: 0 } },
    })
    expect(command).toMatchObject({ hold: 0, forceOff: 0, phaseOmit: 0, pattern: PATTERN_FREE })
    expect(why.code).toBe('PREEMPT_SERVED')
  })

  test('without a fresh image nothing is steered, and the queues are forgotten', () => {
    const { command, memory, why } = decide({ signal: bad('never read') })
    expect(command.hold).toBe(0)
    expect(memory.queues.atMonoMs).toBeNull()
    expect(why.code).toBe('IMAGE_NOT_FRESH')
  })

  test('a plan that leaves out everything leaves the controller to itself', () => {
    const modes = { 2: 'omitted', 4: 'omitted', 6: 'omitted', 8: 'omitted' } as const
    const plans = [plan(3, { cycleS: 80, splitsS: {}, modes, coordinated: [] })]
    expect(decide({ plans }).command).toMatchObject({ hold: 0, forceOff: 0, phaseOmit: 0 })
    expect(decide({ plans }).command.pattern).not.toBe(PATTERN_STANDBY)
  })

  test('all red: it begins with what the controller has committed itself to', () => {
    const red = { greens: 0, phaseOns: 0, rings: [], phaseNexts: bitsOf([4, 8]) }
    expect(decide({ signal: red }).memory.stage).toBe(bitsOf([4, 8]))
    expect(decide({ signal: { ...red, phaseNexts: bitsOf([2, 4]) } }).memory.stage).toBe(bitsOf([2, 6]))
  })
})
