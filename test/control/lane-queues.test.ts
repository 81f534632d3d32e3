/** Queues from loops at the stop line and upstream: one column is a second. */
import { describe, expect, test } from 'vitest'
import { bad, good } from '#base/known.ts'
import { detectorId } from '#base/id.ts'
import { worthOf } from '#control/queues/arrivals.ts'
import { NO_QUEUES_YET, stepQueues, waiting, type QueuesMemory } from '#control/queues/lane-queues.ts'
import { passedSince } from '#control/queues/counter.ts'
import { stoodMs } from '#control/queues/stop-bar.ts'
import type { Intersection } from '#signal/intersection.ts'
import { CROSSING, silent, viewOf, type DetectorPicture } from '#test/support/boulevard-crossing.ts'
import { columns, picture, shown } from '#test/support/picture.ts'

/** The crossing with one lane from the north, 45 m from the stop line to the advance loop: four seconds. */
const ONE_LANE: Intersection = {
  ...CROSSING,
  approaches: CROSSING.approaches.slice(0, 1).map((approach) => ({ ...approach, lanes: approach.lanes.slice(0, 1) })),
}

const NORTH = 0b10

/**
 * Rows: `lamp` R/G of lane N1; `in` actuations of its advance loop in that second (1–9), # covered, x not trusted;
 * `bar` a digit for so many who crossed the stop line with somebody on the loop behind them, # occupied, . empty, x not
 * trusted; `queue` who waits at the end of the second, in whole vehicles.
 */
function queues(drawn: string, intersection = ONE_LANE): QueuesMemory {
  const street = picture(drawn)
  let memory = NO_QUEUES_YET
  let [entered, left] = [65_530, 65_530]
  let row = ''
  for (let second = 0; second < columns(street); second++) {
    const arriving = shown(street, 'in', second)
    const bar = shown(street, 'bar', second)
    entered = (entered + (Number.parseInt(arriving, 10) || 0)) % 65_536
    left = (left + (Number.parseInt(bar, 10) || 0)) % 65_536
    const detectors: Record<number, DetectorPicture> = {
      1: arriving === 'x' ? silent : good({ occupied: arriving === '#', actuationCount: entered }, 0),
      2: bar === 'x' ? bad('open loop') : good({ occupied: bar !== '.', actuationCount: left }, 0),
    }
    const greens = shown(street, 'lamp', second) === 'G' ? NORTH : 0
    memory = stepQueues(viewOf({ nowMonoMs: second * 1_000, intersection, detectors }), greens, memory)
    row += String(Math.round(waiting(memory.lanes['N1']!)))
  }
  if (street.has('queue')) expect(row).toBe(street.get('queue'))
  return memory
}

describe('by counting', () => {
  test('who passes the advance loop stands at the stop line four seconds later, and leaves in green', () => {
    queues(`
      lamp   RRRRRRRRRRRRGGGGGGGGG
      in     .1111................
      bar    .....1######1.1.1....
      queue  000001234444322110000
    `)
  })

  test('whoever comes before he is expected was not counted twice', () => {
    const { approaches, lanes } = queues(`
      lamp   GGGGG
      in     .1...
      bar    ...1.
      queue  00010
    `)
    expect(approaches['N']?.coming).toEqual([])
    expect(lanes['N1']?.vehicles).toBe(0)
  })

  test.each([
    ['in red', 'RRRRRRRRRR', '.....1...', true],
    ['in red, a little later', 'RRRRRRRRRRR', '.....1....', false],
    ['in green', 'GGGGGGGG', '.....1..', true],
    ['in green, a little later', 'GGGGGGGGG', '.....1...', false],
  ])('an empty stop line says that nobody waits, %s', (_, lamp, bar, waits) => {
    const { lanes } = queues(`
      lamp   ${lamp}
      in     .3........
      bar    ${bar}
    `)
    expect(lanes['N1']!.vehicles > 0).toBe(waits)
  })

  test('a queue over the advance loop fills the lane', () => {
    expect(
      Math.round(
        queues(`
        lamp   RRRRRRRRRRR
        in     ....#######
        bar    .1#########
      `).lanes['N1']!.vehicles,
      ),
    ).toBe(4)
  })

  test('an advance loop that is covered while nobody stands at the stop line says nothing', () => {
    expect(
      queues(`
        lamp   RRRRRRRRRRR
        in     ..#########
        bar    ...........
      `).lanes['N1']!.vehicles,
    ).toBe(0)
  })

  test.each([
    ['half of those who leave', '1...', 1.6],
    ['as many as leave', '1.1.', 1],
    ['twice as many', '2.2.', 1],
  ])(
    'where an advance loop counts %s, each of them counts for what the stop line shows, never for less than one',
    (_, entering, worth) => {
      expect(
        worthOf(
          queues(`
          lamp   ${'GGGG'.repeat(100)}
          in     ${entering.repeat(100)}
          bar    ${'1.1.'.repeat(100)}
        `).approaches['N']!,
        ),
      ).toBeCloseTo(worth, 1)
    },
  )

  test('one loop is believed a platoon, and then several times of what leaves its lane, however fast it counts', () => {
    const believed = (seconds: number) =>
      queues(`
        lamp  ${'R'.repeat(seconds)}
        in    ${'9'.repeat(seconds)}
      `).approaches['N']!.coming.length
    expect(believed(2)).toBe(9)
    expect(believed(4)).toBeLessThanOrEqual(17)
    expect(believed(4)).toBeGreaterThanOrEqual(15)
  })

  test('a loop that chatters does not fill the memory', () => {
    expect(
      queues(`
        lamp  RRRRRRRRRRRRRRR
        in    999999999999999
      `).approaches['N']!.coming.length,
    ).toBeLessThanOrEqual(100)
  })
})

describe('the one at the stop line', () => {
  test('has stood since he came, and is held up after four seconds of green', () => {
    const bar = queues(`
      lamp   RRRRGGGGGG
      bar    .1########
    `).lanes['N1']!.stopBar
    expect(bar).toMatchObject({ stoodSinceMs: 1_000, heldUp: true })
    expect(stoodMs(bar, 9_000)).toBe(8_000)
    expect(stoodMs({ ...bar, stoodSinceMs: null }, 9_000)).toBe(0)
  })

  test('is still held up in the red that follows, until he has gone', () => {
    const held = (drawn: string) => queues(drawn).lanes['N1']!.stopBar.heldUp
    expect(
      held(`
      lamp   GGGGGGGRRR
      bar    .1########
    `),
    ).toBe(true)
    expect(
      held(`
      lamp   GGGGGGGRRR
      bar    .1#######1
    `),
    ).toBe(false)
  })
})

describe('with loops that are not trusted', () => {
  test('without an advance loop vehicles come as they lately left', () => {
    const { lanes } = queues(`
      lamp  RRRRRRRRRRRRRRRRRRRRR
      in    xxxxxxxxxxxxxxxxxxxxx
      bar   1####################
    `)
    expect(lanes['N1']!.vehicles).toBeGreaterThan(1.5)
    expect(lanes['N1']!.vehicles).toBeLessThan(2.5)
  })

  test('without a stop-bar loop somebody is taken to stand there in red, and the queue leaves at saturation', () => {
    const red = queues(`
      lamp   RRRRRRRRRRR
      in     .1.1.1.....
      bar    xxxxxxxxxxx
    `)
    expect(waiting(red.lanes['N1']!)).toBeGreaterThan(3.5)
    const green = queues(`
      lamp   RRRRRRRRRRRGGGGGGGGGGGG
      in     .1.1.1.................
      bar    xxxxxxxxxxxxxxxxxxxxxxx
    `)
    expect(waiting(green.lanes['N1']!)).toBe(0)
  })

  test('a stop-bar loop that comes back is not asked what it has missed', () => {
    expect(
      queues(`
      lamp   GGGGGG
      bar    .xxx99
    `).lanes['N1']!.stopBar.count,
    ).toBe((65_530 + 18) % 65_536)
  })

  test('a lane of which nothing is known has no detectors at all', () => {
    const blind = { ...ONE_LANE, detectors: [] }
    const { lanes } = queues('lamp  RRRRR', blind)
    expect(lanes['N1']!.stopBar.stoodSinceMs).toBe(0)
  })
})

describe('lanes side by side', () => {
  const northOf = (memory: QueuesMemory) => ['N1', 'N2'].map((lane) => memory.lanes[lane]!)
  const view = (nowMonoMs: number, [first, second]: readonly [number, number], entered = 0) =>
    viewOf({
      nowMonoMs,
      detectors: {
        1: good({ occupied: false, actuationCount: entered }, 0),
        2: good({ occupied: false, actuationCount: first }, 0),
        3: good({ occupied: true, actuationCount: second }, 0),
      },
    })

  test('the lane that more leave by has the greater share, and who is not in the empty one is in it', () => {
    let memory = stepQueues(view(0, [0, 0]), NORTH, NO_QUEUES_YET)
    memory = stepQueues(view(100, [0, 0], 4), NORTH, memory)
    memory = stepQueues(view(4_200, [0, 0], 4), NORTH, memory)
    const [, before] = northOf(memory)
    expect(before!.vehicles).toBeGreaterThan(0.5)
    memory = stepQueues(view(4_300, [0, 3], 4), NORTH, memory)
    const [one, other] = northOf(memory)
    expect(other!.share).toBeGreaterThan(one!.share)
    expect(one!.share + other!.share).toBeCloseTo(1)
    expect(one!.vehicles).toBe(0)
    // Four have come, some of whom may be worth less than one, and three have left.
    expect(other!.vehicles).toBeGreaterThan(0.4)
    expect(other!.vehicles).toBeLessThan(1.1)
  })
})

test('while the stop-bar loop of one lane is not trusted the shares stay as they were learnt', () => {
  const view = (second: number) =>
    viewOf({
      nowMonoMs: second * 1_000,
      detectors: { 2: bad('open loop'), 3: good({ occupied: true, actuationCount: second }, 0) },
    })
  const steps = Array.from({ length: 60 }, (_, second) => view(second))
  const { lanes } = steps.reduce((memory, each) => stepQueues(each, NORTH, memory), NO_QUEUES_YET)
  expect([lanes['N1']!.share, lanes['N2']!.share]).toEqual([0.5, 0.5])
})

test('who leaves by the lane beside, sooner than expected, is the one who was expected', () => {
  const view = (nowMonoMs: number, entered: number, left: number) =>
    viewOf({
      nowMonoMs,
      detectors: {
        1: good({ occupied: false, actuationCount: entered }, 0),
        2: good({ occupied: false, actuationCount: 0 }, 0),
        3: good({ occupied: left > 0, actuationCount: left }, 0),
      },
    })
  let memory = stepQueues(view(0, 0, 0), NORTH, NO_QUEUES_YET)
  memory = stepQueues(view(100, 1, 0), NORTH, memory)
  expect(memory.approaches['N']!.coming).toHaveLength(1)
  memory = stepQueues(view(2_000, 1, 1), NORTH, memory)
  expect(memory.approaches['N']!.coming).toEqual([])
})

describe('with a camera', () => {
  const cells = (vehicles: readonly number[], speedMps = 3) => vehicles.map((count) => ({ vehicles: count, speedMps }))
  const watched = (kind: 'zone' | 'stop-bar', lanes: readonly string[]): Intersection => ({
    ...ONE_LANE,
    detectors: [
      { ...CROSSING.detectors[1]!, kind, lanes },
      { ...CROSSING.detectors[1]!, id: detectorId(9), kind: 'zone', lanes },
    ],
  })
  const seen = (intersection: Intersection, picture9: DetectorPicture) => {
    const view = viewOf({ intersection, detectors: {} })
    const detectors = new Map([
      [detectorId(2), good({ occupied: true, actuationCount: 0 }, 0)],
      [detectorId(9), picture9],
    ] as const)
    return stepQueues({ ...view, detectors }, 0, NO_QUEUES_YET).lanes['N1']!
  }

  test('its cells are the queue, less the one at the stop line; of a zone over two lanes half', () => {
    const reading = good({ occupied: true, actuationCount: 0, cells: cells([2, 1, 1, 0]) }, 0)
    expect(waiting(seen(watched('stop-bar', ['N1']), reading))).toBe(4)
    expect(waiting(seen(watched('stop-bar', ['N1', 'N2']), reading))).toBe(2)
  })

  test('who drives counts for less than who stands, and is not expected by the loops once more', () => {
    const lane = seen(
      watched('stop-bar', ['N1']),
      good({ occupied: true, actuationCount: 0, cells: cells([5, 5], 9) }, 0),
    )
    expect(waiting(lane)).toBeCloseTo(4)
    expect(lane.inView).toBe(true)
  })

  test('a zone without cells, or one that is not trusted, leaves it to the loops', () => {
    expect(seen(watched('stop-bar', ['N1']), good({ occupied: true, actuationCount: 0 }, 0)).vehicles).toBe(0)
    expect(seen(watched('stop-bar', ['N1']), bad('dark')).vehicles).toBe(0)
  })
})

describe('a clock that jumps', () => {
  test.each([-1_000, 11_000])('by %d ms: what was counted before is worth nothing', (jumpMs) => {
    const before = queues(`
      lamp   RRRRRRRRRR
      in     .111......
      bar    .....1####
    `)
    expect(waiting(before.lanes['N1']!)).toBeGreaterThan(1.5)
    const after = stepQueues(viewOf({ nowMonoMs: 9_000 + jumpMs, intersection: ONE_LANE }), 0, before)
    expect(after.lanes['N1']!.vehicles).toBe(0)
  })
})

test.each([
  [null, 7, 0],
  [5, 7, 2],
  [65_535, 1, 2],
  [0, 10, 10],
  [0, 11, 0],
])('a counter that went from %s to %d has counted %d', (before, now, passed) => {
  expect(passedSince(before, now)).toBe(passed)
})
