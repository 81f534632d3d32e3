/** Drawings made from facts: kerbs on the right, north up, everything inside the picture, for the demo city and any other. */
import { assert, integer, property, record, uniqueArray } from 'fast-check'
import { expect, test } from 'vitest'
import { detailOf } from '#central/facts.ts'
import { loadSite } from '#config/load-site.ts'
import type { Geometry } from '#contract/api.ts'
import { axesOf, freeCorner, LANE_WIDTH, layOut, SIZE } from '#web/intersection/layout.ts'

const loaded = await loadSite('config/hamadan')
if (!loaded.ok) throw new Error(`config/hamadan: ${loaded.fault.map(({ code }) => code).join(', ')}`)
const NOBODY = { state: null, ageMs: null, freshness: 'lost', edge: 'e', edgeOnline: false } as const
const CITY = loaded.value.intersections.map((config) => detailOf(config, NOBODY))

test('north is up, and whoever drives in has the kerb on the right', () => {
  const north = axesOf(0)
  expect(north.at(100, 0)).toEqual({ x: 240, y: 140 })
  // From the north one drives southwards: the right hand is west, which is left on the picture.
  expect(north.at(100, 10).x).toBe(230)
  expect(axesOf(90).at(100, 10)).toEqual({ x: 340, y: 230 })
  expect(axesOf(180).at(0, 10).x).toBe(250)
})

test.each(CITY.map((detail) => [detail.id, detail] as const))('%s lies inside its picture', (_id, { geometry }) => {
  expectInside(geometry)
})

test('the lane with number 1 is at the kerb, whatever the order of the file', () => {
  const detail = CITY.find(({ geometry }) => geometry.approaches.some(({ lanes }) => lanes.length >= 3))!
  const approach = detail.geometry.approaches.find(({ lanes }) => lanes.length >= 3)!
  const shuffled = { ...approach, lanes: approach.lanes.toReversed() }
  const asides = (facts: typeof approach) =>
    layOut({ ...detail.geometry, approaches: [facts] })[0]!.lanes.map(({ lane, aside }) => [lane.id, aside])
  expect(asides(shuffled)).toEqual(asides(approach))
  const [kerb, ...others] = asides(approach)
  expect(kerb![0]).toMatch(/1$/)
  for (const [, aside] of others) expect(Number(aside)).toBeLessThan(Number(kerb![1]))
})

test('loops lie in their lanes, in the order of their distance from the stop line', () => {
  for (const { geometry } of CITY)
    for (const { detectors, lanes, inboundWidth, edge } of layOut(geometry))
      for (const detector of detectors) {
        const facts = geometry.detectors.find(({ id }) => id === detector.id)!
        const under = lanes.filter(({ lane }) => facts.lanes.includes(lane.id))
        expect(detector.from).toBeGreaterThanOrEqual(under[0]!.stopAt)
        expect(detector.to).toBeLessThanOrEqual(edge + 1)
        expect(detector.asideFrom).toBeGreaterThan(0)
        expect(detector.asideTo).toBeLessThan(inboundWidth)
        const nearer = detectors.filter(
          (other) => geometry.detectors.find(({ id }) => id === other.id)!.setbackM < facts.setbackM,
        )
        for (const other of nearer) expect(other.from).toBeLessThan(detector.from)
      }
})

test('any number of legs at any angle, with any number of lanes, can be drawn', () => {
  const leg = record({ bearingDeg: integer({ min: 0, max: 359 }), lanes: integer({ min: 1, max: 6 }) })
  assert(
    property(
      uniqueArray(leg, { minLength: 1, maxLength: 7, selector: ({ bearingDeg }) => Math.floor(bearingDeg / 30) }),
      (legs) => {
        expectInside(geometryOf(legs))
      },
    ),
  )
})

test('the north mark avoids the names', () => {
  for (const { geometry } of CITY) {
    const approaches = layOut(geometry)
    const corner = freeCorner(approaches)
    for (const { label } of approaches) expect(Math.hypot(label.x - corner.x, label.y - corner.y)).toBeGreaterThan(20)
  }
})

function expectInside(geometry: Geometry): void {
  for (const { axes, lanes, heads, edge, label, crosswalk, stopAt } of layOut(geometry).map((each) => ({
    ...each,
    stopAt: each.lanes[0]?.stopAt ?? 0,
  }))) {
    const points = [
      ...lanes.flatMap(({ aside, endsAt }) => [axes.at(stopAt, aside), axes.at(Math.min(endsAt, edge), aside)]),
      ...heads.map(({ at }) => at),
      ...(crosswalk ? [crosswalk.glyph] : []),
      label,
    ]
    for (const { x, y } of points) {
      expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true)
      expect(Math.min(x, y)).toBeGreaterThan(-2 * LANE_WIDTH)
      expect(Math.max(x, y)).toBeLessThan(SIZE + 2 * LANE_WIDTH)
    }
    expect(stopAt).toBeLessThan(edge)
  }
}

function geometryOf(legs: readonly { bearingDeg: number; lanes: number }[]): Geometry {
  return {
    phases: [],
    overlaps: [],
    detectors: legs.map((_leg, index) => ({
      id: index + 1,
      kind: 'advance',
      lanes: [`L${index}-1`],
      setbackM: 90,
      lengthM: 2,
      phase: 2,
    })),
    approaches: legs.map(({ bearingDeg, lanes }, index) => ({
      id: `L${index}`,
      name: { fa: 'ا', en: 'A' },
      bearingDeg,
      lengthM: 200,
      lanes: Array.from({ length: lanes }, (_, lane) => ({
        id: `L${index}-${lane + 1}`,
        turns: ['through'],
        lengthM: 200,
        head: { kind: 'vehicle', number: 2 },
      })),
      crosswalk: { lengthM: 12, kind: 'pedestrian', number: 2, phase: 2 },
    })),
  }
}
