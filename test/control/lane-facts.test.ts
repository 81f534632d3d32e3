/** What the estimator takes from the facts of an intersection. */
import { expect, test } from 'vitest'
import { bitsOf } from '#base/bits.ts'
import { detectorId, overlapId, phaseId } from '#base/id.ts'
import type { Detector } from '#signal/detector.ts'
import type { Intersection, Lane } from '#signal/intersection.ts'
import { approachFacts, phasesOfLanes } from '#control/queues/lane-facts.ts'
import { CROSSING } from '#test/support/boulevard-crossing.ts'
import { EIGHT_PHASES, junction } from '#test/support/junctions.ts'

const laneOf = (intersection: Intersection, lane: string) =>
  approachFacts(intersection)
    .flatMap(({ lanes }) => lanes)
    .find(({ id }) => id === lane)

/** The crossing with its northern lanes, and with other detectors. */
const crossing = (lanes: readonly Partial<Lane>[], detectors: readonly Partial<Detector>[] = []): Intersection => ({
  ...CROSSING,
  overlaps: junction({
    ...EIGHT_PHASES,
    overlaps: { 1: [2, 4], 2: [6] },
    overlapFacts: { 2: { kind: 'flashingYellowArrow', modifiers: [phaseId(8)] } },
  }).overlaps,
  approaches: CROSSING.approaches.map((approach, index) =>
    index > 0
      ? approach
      : { ...approach, lanes: lanes.map((lane, n) => ({ ...approach.lanes[0]!, id: `N${n + 1}`, ...lane })) },
  ),
  detectors: [
    ...CROSSING.detectors.filter(({ lanes: [lane] }) => !lane?.startsWith('N')),
    ...detectors.map((facts, index) => ({ ...CROSSING.detectors[0]!, id: detectorId(40 + index), ...facts })),
  ],
})

test('a lane has its stop-bar loop, its storage between the loops, and those who come towards it', () => {
  expect(approachFacts(CROSSING)[0]).toMatchObject({
    id: 'N',
    advance: [{ id: 1, lanes: [0] }],
    travelMs: 4_000,
    lanes: [
      { id: 'N1', opposing: bitsOf([6]), stopBar: { id: 2, lanes: 1 }, zone: null, storage: 6 },
      { id: 'N2', stopBar: { id: 3, lanes: 1 } },
    ],
  })
  expect(laneOf(CROSSING, 'W1')).toMatchObject({ storage: 26, opposing: bitsOf([4]) })
  expect(phasesOfLanes(CROSSING)).toBe(bitsOf([2, 4, 6, 8]))
})

test('the ways of a lane go with its head, but for those that have a head of their own', () => {
  const mixed = crossing([
    { turns: ['through', 'left'], turnHeads: { left: { kind: 'overlap', overlap: overlapId(1) } } },
    { turns: ['left'], head: { kind: 'overlap', overlap: overlapId(2) } },
    { turns: ['right'], head: { kind: 'overlap', overlap: overlapId(9) } },
  ])
  expect(approachFacts(mixed)[0]?.lanes.map(({ ways }) => ways)).toEqual([
    [
      { turn: 'through', phases: bitsOf([2]) },
      { turn: 'left', phases: bitsOf([2, 4]) },
    ],
    [{ turn: 'left', phases: bitsOf([6, 8]) }],
    [{ turn: 'right', phases: 0 }],
  ])
})

test('a camera zone stands in for a loop at the stop line, and says how many lanes share it', () => {
  const watched = crossing(
    [{}, {}],
    [
      { kind: 'zone', lanes: ['N1', 'N2'] },
      { kind: 'stop-bar', lanes: ['N2'] },
    ],
  )
  expect(laneOf(watched, 'N1')).toMatchObject({ stopBar: { id: 40, lanes: 2 }, zone: { id: 40, lanes: 2 } })
  expect(laneOf(watched, 'N2')).toMatchObject({ stopBar: { id: 41, lanes: 1 }, zone: { id: 40, lanes: 2 } })
})

test('a lane without any detector has none, and the whole lane to stand in', () => {
  const blind = crossing([{ lengthM: 5 }])
  expect(approachFacts(blind)[0]).toMatchObject({
    travelMs: 0,
    advance: [],
    lanes: [{ stopBar: null, zone: null, storage: 1 }],
  })
})

test.each([
  { lane: 'a pocket that begins upstream of the loops', lengthM: 60, detectors: [], isFedPastLoops: false },
  { lane: 'a pocket that begins behind the loops', lengthM: 40, detectors: [], isFedPastLoops: true },
  { lane: 'a lane of the whole street', lengthM: 200, detectors: [], isFedPastLoops: true },
  { lane: 'a pocket with a loop of its own', lengthM: 60, detectors: ['N2'], isFedPastLoops: true },
])('into $lane they turn past an advance loop: $isFedPastLoops', ({ lengthM, detectors, isFedPastLoops }) => {
  const street = crossing(
    [{}, { turns: ['left'], lengthM }],
    [{ kind: 'advance', lanes: ['N1'] }, ...detectors.map((id) => ({ kind: 'advance' as const, lanes: [id] }))],
  )
  expect(laneOf(street, 'N2')).toMatchObject({ isFedPastLoops })
  expect(laneOf(street, 'N1')).toMatchObject({ isFedPastLoops: true })
})
