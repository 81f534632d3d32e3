/** Queues by lane, counted between the loops: one column is a second. */
import { describe, expect, test } from 'vitest'
import { overlapId } from '#base/id.ts'
import { good } from '#base/known.ts'
import { queueCount } from '#control/queue-count.ts'
import {
  BOULEVARD_GREEN,
  broken,
  CROSSING,
  silent,
  viewOf,
  type DetectorPicture,
} from '#test/support/boulevard-crossing.ts'
import { columns, picture, shown } from '#test/support/picture.ts'

const ALL_RED = { ...BOULEVARD_GREEN, greens: 0, reds: 0b1010_1010 }

interface Begin {
  readonly inCount?: number
  readonly outCount?: number
}

/**
 * Rows: `lamp` R/G of lane N1; `in` actuations of its advance loop in that second (1–9), `x` not trusted;
 * `bar` # occupied, . empty, x not trusted; `queue` what must be counted at the end of the second, - unknown.
 */
function counts(drawn: string, { inCount = 0, outCount = 0 }: Begin = {}) {
  const street = picture(drawn)
  let memory = queueCount.initial()
  let entered = inCount
  let left = outCount
  let wasOccupied = false
  const counted: string[] = []
  for (let second = 0; second < columns(street); second++) {
    const arriving = shown(street, 'in', second)
    const bar = shown(street, 'bar', second)
    entered = (entered + (Number.parseInt(arriving, 10) || 0)) % 65_536
    if (bar === '#' && !wasOccupied) left = (left + 1) % 65_536
    wasOccupied = bar === '#'
    const detectors: Record<number, DetectorPicture> = {
      1: arriving === 'x' ? silent : good({ occupied: false, actuationCount: entered }, 0),
      2: bar === 'x' ? broken : good({ occupied: wasOccupied, actuationCount: left }, 0),
    }
    const signal = shown(street, 'lamp', second) === 'G' ? BOULEVARD_GREEN : ALL_RED
    const stepped = queueCount.step(viewOf({ nowMonoMs: second * 1_000, signal, detectors }), memory)
    memory = stepped.memory
    counted.push(`${stepped.queues.find(({ lane }) => lane === 'N1')?.vehicles ?? '-'}`)
  }
  expect(counted.join('')).toBe(street.get('queue'))
}

test('vehicles that pass the advance loop in red stand between the loops, the first of them on the stop bar', () => {
  counts(`
    lamp   RRRRRRRRRR
    in     .1.1.1....
    bar    ....######
    queue  0112233333
  `)
})

test('each vehicle that leaves over the stop bar in green leaves the queue', () => {
  counts(`
    lamp   RRRRRGGGGGGGG
    in     .111.........
    bar    ...###.#.#...
    queue  0123332211000
  `)
})

test('whoever stands on the stop bar in red is counted, although nobody saw it come', () => {
  counts(`
    lamp   RRRR
    bar    ..##
    queue  0011
  `)
})

test('vehicles that a stop-bar loop missed are gone when the bar has stayed empty in green long enough', () => {
  // 49 m between the loops at half of 50 km/h are 7.1 s, and 2 s to start up.
  counts(`
    lamp   RRGGGGGGGGGGGGGG
    in     .2..............
    bar    ................
    queue  0222222222220000
  `)
})

test('an empty stop bar in red proves nothing: they may stand short of it', () => {
  counts(`
    lamp   RRRRRRRRRRRRRRRR
    in     .2..............
    queue  0222222222222222
  `)
})

test('the counters of both loops wrap at 65,536 in the middle of a queue', () => {
  counts(
    `
    lamp   RRRRRGGGG
    in     .12......
    bar    ....#.#.#
    queue  013332211
  `,
    { inCount: 65_534, outCount: 65_535 },
  )
})

test('no more vehicles than fit between the loops are ever counted', () => {
  counts(`
    lamp   RRRR
    in     .555
    queue  0599
  `)
})

describe('what is not trusted is not counted', () => {
  test.each([
    ['the advance loop', 'in     .1x.1', 'bar    .....'],
    ['the stop-bar loop', 'in     .1..1', 'bar    ..x..'],
  ])('%s: the lane is left out, and begins anew when it is trusted again', (_, entering, bar) => {
    counts(`
      lamp   RRRRR
      ${entering}
      ${bar}
      queue  01-01
    `)
  })

  test('a loop card that started anew counts from zero, which is no traffic', () => {
    const view = (entered: number) =>
      viewOf({ signal: ALL_RED, detectors: { 1: good({ occupied: false, actuationCount: entered }, 0) } })
    const before = queueCount.step(view(500), queueCount.initial())
    const after = queueCount.step(view(1), before.memory)
    expect(after.queues).toContainEqual({ lane: 'N1', vehicles: 0 })
    const next = queueCount.step(view(2), after.memory)
    expect(next.queues).toContainEqual({ lane: 'N1', vehicles: 1 })
  })

  test('lamps that are not fresh leave every lane unknown', () => {
    const view = viewOf({ signal: { quality: 'stale', last: BOULEVARD_GREEN, ageMs: 201 } })
    expect(queueCount.step(view, queueCount.initial())).toEqual({ queues: [], memory: {} })
  })
})

test('lanes without a loop at either end have no queue to tell', () => {
  const { queues } = queueCount.step(viewOf(), queueCount.initial())
  expect(queues.map(({ lane }) => lane)).toEqual(['N1', 'E1'])
})

test('a lane whose lamp is an overlap empties while that is green', () => {
  const head = { kind: 'overlap', overlap: overlapId(3) } as const
  const approaches = CROSSING.approaches.map((approach) => ({
    ...approach,
    lanes: approach.lanes.map((lane) => ({ ...lane, head })),
  }))
  const intersection = { ...CROSSING, approaches }
  const queueAfter = (overlapGreens: number) => {
    const at = (seconds: number, entered: number) =>
      viewOf({
        intersection,
        nowMonoMs: seconds * 1_000,
        signal: { ...ALL_RED, overlapGreens },
        detectors: { 1: good({ occupied: false, actuationCount: entered }, 0) },
      })
    const { memory } = queueCount.step(at(0, 0), queueCount.initial())
    const arrived = queueCount.step(at(1, 3), memory)
    return queueCount.step(at(120, 3), arrived.memory).queues.find(({ lane }) => lane === 'N1')?.vehicles
  }
  expect(queueAfter(0)).toBe(3)
  expect(queueAfter(0b100)).toBe(0)
})
