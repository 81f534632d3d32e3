/** Pictures of one junction made by hand: who waits for whom, who keeps out of it, and what flashing lamps mean. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Traffic } from '#sim/traffic/flow/traffic.ts'
import { cars, crossingsOf, drive, green, inOrder, present, streets, trafficOn, type Lamp } from './hand-made.ts'

/** A left turn over an oncoming stream; both have green. */
const LEFT_OVER_STREAM = streets({ south: { to: 0 }, west: { from: 0 }, north: { to: 0 }, exit: { from: 0 } }, [
  {
    from: ['south', 0],
    to: ['west', 0],
    turn: 'left',
    speedMps: 7,
    yieldsTo: [1],
    waitsAtM: 6,
    conflicts: [{ way: 1, ownM: 10, otherM: 12, merges: false }],
  },
  { from: ['north', 0], to: ['exit', 0], lengthM: 20, conflicts: [{ way: 0, ownM: 12, otherM: 10, merges: false }] },
])

/** A queue back to the entry, let go at 100 s: it flows for more than a minute without a gap. */
const QUEUE = cars(60, 300, ['north', 'exit'])
const from100s = (_: number, nowS: number): Lamp => (nowS < 100 ? 'stop' : 'go')
const inBox = ({ flow: { cars: all, tracks } }: Traffic, slots: readonly number[]) =>
  slots.filter((slot) => all.track[slot] === tracks.trackOf(0)).length

test('a left turner waits in the middle of the junction while a queue flows against him without a gap', () => {
  const traffic = trafficOn(LEFT_OVER_STREAM, inOrder([...QUEUE, { departMs: 5_000, route: ['south', 'west'] }]))
  drive(traffic, 150, from100s)
  expect(inBox(traffic, present(traffic))).toBe(1)
})

test('a left turner goes through a stream with gaps of eight seconds', () => {
  const traffic = trafficOn(
    LEFT_OVER_STREAM,
    inOrder([...cars(12, 8_000, ['north', 'exit']), { departMs: 15_000, route: ['south', 'west'] }]),
  )
  expect(crossingsOf(traffic, 70, green).filter(({ way }) => way === 0)).toHaveLength(1)
  expect(inBox(traffic, present(traffic))).toBe(0)
})

test('who waits in the middle of the junction goes when the oncoming stream gets its red', () => {
  const traffic = trafficOn(LEFT_OVER_STREAM, inOrder([...QUEUE, { departMs: 5_000, route: ['south', 'west'] }]))
  drive(traffic, 145, (_, s) => (s < 100 ? 'stop' : s < 130 ? 'go' : s < 133 ? 'caution' : 'stop'))
  expect(present(traffic).some((slot) => traffic.flow.cars.track[slot] === traffic.flow.tracks.trackOf(0))).toBe(false)
})

/** The same left turn, and a street across it; the oncoming stream keeps him until its last moment. */
const LEFT_BEFORE_CROSS_STREET = streets(
  { south: { to: 0 }, west: { from: 0 }, north: { to: 0 }, exit: { from: 0 }, east: { to: 0 }, out: { from: 0 } },
  [
    {
      from: ['south', 0],
      to: ['west', 0],
      turn: 'left',
      speedMps: 7,
      yieldsTo: [1, 2],
      waitsAtM: 6,
      conflicts: [
        { way: 1, ownM: 10, otherM: 12, merges: false },
        { way: 2, ownM: 14, otherM: 12, merges: false },
      ],
    },
    { from: ['north', 0], to: ['exit', 0], lengthM: 20, conflicts: [{ way: 0, ownM: 12, otherM: 10, merges: false }] },
    { from: ['east', 0], to: ['out', 0], lengthM: 20, conflicts: [{ way: 0, ownM: 12, otherM: 14, merges: false }] },
  ],
)

test('who is left in the middle of the junction by his green is let out by the street across before it enters', () => {
  const across = cars(60, 300, ['east', 'out'])
  const trips = [...QUEUE, ...across, { departMs: 5_000, route: ['south', 'west'] }]
  const traffic = trafficOn(LEFT_BEFORE_CROSS_STREET, inOrder(trips))
  // Not a second of red between the two streets: nothing else lets him out.
  const lamp = (way: number, s: number): Lamp => ((way === 2 ? s >= 130 : s >= 100 && s < 130) ? 'go' : 'stop')
  drive(traffic, 130, lamp)
  expect(inBox(traffic, present(traffic))).toBe(1)
  drive(traffic, 142, lamp)
  expect(inBox(traffic, present(traffic))).toBe(0)
})

test('nobody collides where a left turn crosses a stream, whatever the gaps', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(90_000), { minLength: 5, maxLength: 40 }),
      fc.array(fc.nat(90_000), { minLength: 1, maxLength: 10 }),
      (stream, lefts) => {
        const trips = [
          ...stream.map((departMs) => ({ departMs, route: ['north', 'exit'] })),
          ...lefts.map((departMs) => ({ departMs, route: ['south', 'west'] })),
        ]
        const traffic = trafficOn(
          LEFT_OVER_STREAM,
          trips.toSorted((a, b) => a.departMs - b.departMs),
        )
        const { flow } = traffic
        const over = (way: number, atM: number) =>
          present(traffic).some(
            (slot) =>
              flow.cars.track[slot] === flow.tracks.trackOf(way) &&
              flow.cars.positionM[slot]! > atM &&
              flow.cars.positionM[slot]! - flow.cars.lengthM[slot]! < atM,
          )
        drive(traffic, 130, green, () => expect(over(0, 10) && over(1, 12)).toBe(false))
      },
    ),
    { numRuns: 40 },
  )
})

/** A short street behind the junction, whose own end is shut. */
const SHORT_EXIT = streets(
  { in: { to: 0 }, out: { from: 0, lengthM: 40, to: 1 }, far: { from: 1 }, side: { to: 0 }, across: { from: 0 } },
  [
    { from: ['in', 0], to: ['out', 0], conflicts: [{ way: 2, ownM: 7, otherM: 7, merges: false }] },
    { from: ['out', 0], to: ['far', 0], junction: 1 },
    { from: ['side', 0], to: ['across', 0], conflicts: [{ way: 0, ownM: 7, otherM: 7, merges: false }] },
  ],
)

test.each([
  ['keep out of a box that they cannot leave', true, 0],
  ['block the box where nobody keeps it clear', false, 2],
])('drivers %s', (_, clear, blocking) => {
  const traffic = trafficOn(SHORT_EXIT, cars(20, 1_000, ['in', 'out', 'far']), { keepsClear: () => clear })
  drive(traffic, 120, (way) => (way === 1 ? 'stop' : 'go'))
  const on = traffic.flow.tracks.trackOf(0)
  expect(present(traffic).filter((slot) => traffic.flow.cars.track[slot] === on).length).toBe(blocking)
})

test('a street across a blocked box stands, too', () => {
  const trips = [...cars(20, 1_000, ['in', 'out', 'far']), { departMs: 60_000, route: ['side', 'across'] }]
  const blocked = trafficOn(SHORT_EXIT, trips, { keepsClear: () => false })
  expect(crossingsOf(blocked, 160, (way) => (way === 1 ? 'stop' : 'go')).filter(({ way }) => way === 2)).toEqual([])
})

test('who may turn right on red stops first, and lets those go who come', () => {
  const corner = streets({ south: { to: 0 }, east: { from: 0 }, west: { to: 0 } }, [
    {
      from: ['south', 0],
      to: ['east', 0],
      turn: 'right',
      onRed: true,
      speedMps: 6,
      conflicts: [{ way: 1, ownM: 14, otherM: 18, merges: true }],
    },
    { from: ['west', 0], to: ['east', 0], lengthM: 20, conflicts: [{ way: 0, ownM: 18, otherM: 14, merges: true }] },
  ])
  const alone = crossingsOf(trafficOn(corner, cars(1, 0, ['south', 'east'])), 60, (way) => (way === 0 ? 'stop' : 'go'))
  expect(alone).toHaveLength(1)
  expect(alone[0]!.s).toBeGreaterThan(22)
  const queue = inOrder([...cars(60, 300, ['west', 'east']), { departMs: 90_000, route: ['south', 'east'] }])
  const seen = crossingsOf(trafficOn(corner, queue), 160, (way, s) => (way === 0 || s < 100 ? 'stop' : 'go'))
  expect(seen.filter(({ way }) => way === 0)).toEqual([])
})

test('before flashing lamps everybody stops, and then they go one after the other', () => {
  const traffic = trafficOn(SHORT_EXIT, [...cars(4, 3_000, ['side', 'across']), ...cars(0)])
  expect(crossingsOf(traffic, 90, () => 'stopAndGo')).toHaveLength(4)
  const both = [...cars(5, 3_000, ['side', 'across']), ...cars(3, 3_000, ['in', 'out', 'far'])].toSorted(
    (a, b) => (a.departMs ?? 0) - (b.departMs ?? 0),
  )
  const ways = crossingsOf(trafficOn(SHORT_EXIT, both), 200, () => 'stopAndGo').map(({ way }) => way)
  expect(ways.filter((way) => way === 2)).toHaveLength(5)
  expect(ways.filter((way) => way === 0)).toHaveLength(3)
})

test('before a flashing yellow nobody stops, and the side street waits for a gap', () => {
  const both = inOrder([...cars(8, 2_000, ['in', 'out', 'far']), { departMs: 500, route: ['side', 'across'] }])
  const seen = crossingsOf(trafficOn(SHORT_EXIT, both), 90, (way) => (way === 2 ? 'stopAndGo' : 'go'))
  const main = seen.filter(({ way }) => way === 0).map(({ s }) => s)
  const side = seen.find(({ way }) => way === 2)?.s ?? 0
  // 300 m in 22 s: nobody has been held up.
  expect(main[0]).toBeLessThan(26)
  // He needs four seconds to be across.
  expect(side).toBeGreaterThan(20)
  expect(main.filter((s) => s > side - 1 && s < side + 3)).toEqual([])
})
