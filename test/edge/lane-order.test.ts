/** The two loops of one lane: whichever vehicles come to first is the one before the stop line, whatever its input is called. */
import { describe, expect, test } from 'vitest'
import { nextUniform, randomStream } from '#base/random.ts'
import { LaneOrder, WRONG_ORDER_MAX } from '#edge/lane-order.ts'
import { CROSSING } from '#test/support/boulevard-crossing.ts'

const TICK_MS = 100
const MINUTE_MS = 60_000

/** 1 lies 55 m before 2: eleven seconds at a crawl. */
const [ADVANCE, BAR] = [1, 2].map((number) => CROSSING.detectors.find(({ id }) => id === number))
type Which = 'advance' | 'bar'

/** `crossed`: each loop is wired to the input of the other. */
function lane() {
  if (ADVANCE === undefined || BAR === undefined) throw new Error('the crossing has both loops')
  const order = new LaneOrder({ ...BAR, setbackM: 0 }, { ...ADVANCE, setbackM: 55 })
  let nowMonoMs = 0
  let crossed = false
  const see = (which: Which, occupied: boolean) => {
    const input: Which = crossed === (which === 'bar') ? 'advance' : 'bar'
    return order.see(input, occupied, nowMonoMs)
  }
  const over = (which: Which) => {
    see(which, true)
    nowMonoMs += 5 * TICK_MS
    see(which, false)
  }
  see('bar', false)
  see('advance', false)
  return {
    order,
    see,
    cross: (wires: boolean) => {
      crossed = wires
    },
    wait: (ms: number) => {
      nowMonoMs += ms
    },
    /** Alone in a minute, over both loops; so long from one to the other. */
    vehicle: (first: Which = 'advance', crossingMs = 5_000) => {
      nowMonoMs += MINUTE_MS
      over(first)
      nowMonoMs += crossingMs
      over(first === 'advance' ? 'bar' : 'advance')
    },
    over,
  }
}

const times = (count: number, act: () => void) => Array.from({ length: count }).forEach(act)

describe('loops that are wired to each other’s inputs', () => {
  test.each([
    [WRONG_ORDER_MAX - 1, false],
    [WRONG_ORDER_MAX, true],
  ])('%i vehicles that come to the stop bar first: reversed is %s', (vehicles, reversed) => {
    const { order, vehicle, cross } = lane()
    cross(true)
    times(vehicles, () => vehicle())
    expect(order.isReversed).toBe(reversed)
  })

  test.each([
    [WRONG_ORDER_MAX - 1, true],
    [WRONG_ORDER_MAX, false],
  ])('once they are put right, and %i vehicles have come as they should: reversed is %s', (vehicles, reversed) => {
    const { order, vehicle, cross } = lane()
    cross(true)
    times(100, () => vehicle())
    cross(false)
    times(vehicles, () => vehicle())
    expect(order.isReversed).toBe(reversed)
  })

  test('and stay as they are found while nobody comes', () => {
    const { order, vehicle, cross, wait, see } = lane()
    cross(true)
    times(WRONG_ORDER_MAX, () => vehicle())
    wait(24 * 60 * MINUTE_MS)
    see('bar', false)
    expect(order.isReversed).toBe(true)
  })
})

describe('what says nothing of the order', () => {
  test.each<[string, (of: ReturnType<typeof lane>) => void]>([
    ['vehicles that cross one loop only', ({ wait, over }) => (wait(MINUTE_MS), over('bar'))],
    ['both loops at once', ({ wait, see }) => (wait(MINUTE_MS), both(see, true), wait(500), both(see, false))],
    ['one that comes so late that it is another one', ({ vehicle }) => vehicle('bar', 23_000)],
    [
      'a queue that stands over the stop bar while others come to its end',
      ({ wait, see, over }) => {
        see('bar', true)
        wait(MINUTE_MS)
        times(8, () => over('advance'))
        wait(MINUTE_MS)
        see('bar', false)
      },
    ],
    [
      'a crowd in which nobody is alone',
      ({ wait, over }) => {
        over('advance')
        times(20, () => (wait(2_000), over('bar'), wait(1_000), over('advance')))
      },
    ],
    [
      'a loop that was not read in between',
      ({ wait, order, over }) => (wait(MINUTE_MS), over('bar'), order.forgetPresence(), over('advance')),
    ],
  ])('%s', (_, happen) => {
    const of = lane()
    times(5 * WRONG_ORDER_MAX, () => happen(of))
    expect(of.order.isReversed).toBe(false)
  })
})

const both = (see: (which: Which, occupied: boolean) => boolean, occupied: boolean) => {
  see('advance', occupied)
  see('bar', occupied)
}

describe('a lane into which a fifth come from beside, behind the advance loop, as the next one crosses it', () => {
  const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8]
  const drive = ({ order, vehicle }: ReturnType<typeof lane>, seed: number, vehicles: number): number | null => {
    const random = randomStream(seed, 'from beside')
    for (let i = 1; i <= vehicles; i++) {
      vehicle(nextUniform(random) < 0.2 ? 'bar' : 'advance')
      if (order.isReversed) return i
    }
    return null
  }

  test.each(SEEDS)('is sound in three weeks of 500 lone vehicles a day (seed %i)', (seed) => {
    expect(drive(lane(), seed, 10_000)).toBeNull()
  })

  test.each(SEEDS)('is found reversed within sixty vehicles (seed %i)', (seed) => {
    const reversed = lane()
    reversed.cross(true)
    expect(drive(reversed, seed, 60)).not.toBeNull()
  })
})
