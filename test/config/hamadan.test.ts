/** The shipped city: it loads without a fault, and its figures are those of a street that works. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadSite } from '#config/load-site.ts'
import type { IntersectionConfig, SiteConfig } from '#config/site.ts'
import type { Approach } from '#signal/intersection.ts'
import type { Phase } from '#signal/phase.ts'
import type { TimingPlan } from '#signal/timing-plan.ts'
import { HAMADAN } from './planted.ts'

let site: SiteConfig

beforeAll(async () => {
  const profiles = (await readdir(join(HAMADAN, '../../devices/profiles'))).map((file) => file.replace('.yaml', ''))
  const loaded = await loadSite(HAMADAN, profiles)
  if (!loaded.ok) throw new Error(loaded.fault.map(({ message }) => message).join('\n'))
  site = loaded.value
})

const intersectionOf = (id: string) => site.intersections.find(({ database }) => database.intersection.id === id)!
const streetOf = (id: string) => intersectionOf(id).database.intersection
const planOf = (id: string, key: string) => intersectionOf(id).database.plans.find((plan) => plan.key === key)!

describe('the shipped city', () => {
  test('has twelve intersections with five plans each', () => {
    expect(site.intersections.map(({ database }) => database.intersection.id)).toEqual(
      Array.from({ length: 12 }, (_, index) => `IX-${String(index + 1).padStart(2, '0')}`),
    )
    for (const { database } of site.intersections)
      expect(database.plans.map(({ key }) => key)).toEqual(['night', 'am_peak', 'midday', 'pm_peak', 'friday'])
  })

  test('speaks Modbus at eight controllers and OPC UA at four, and has loops and a camera on cards of their own', () => {
    const count = (pattern: RegExp) =>
      site.intersections
        .flatMap(({ controller, cards }) => [controller, ...cards])
        .filter(({ profile }) => pattern.test(profile)).length
    expect(count(/^sabz-modbus-controller$/)).toBe(6)
    expect(count(/^generic-ntcip-modbus$/)).toBe(2)
    expect(count(/^sabz-opcua-controller$/)).toBe(4)
    expect(count(/^sabz-modbus-loop-card$/)).toBe(4)
    expect(count(/^sabz-modbus-camera$/)).toBe(1)
  })

  test('has crossings of every kind: stages, three legs, six, four and eight phases, red-amber', () => {
    const shape = (id: string) => [
      streetOf(id).phases.length,
      streetOf(id).sequences[0]!.rings.length,
      streetOf(id).approaches.length,
    ]
    expect(shape('IX-01')).toEqual([4, 1, 6])
    expect(shape('IX-08')).toEqual([4, 2, 3])
    expect(shape('IX-09')).toEqual([6, 2, 4])
    expect(shape('IX-12')).toEqual([4, 2, 4])
    expect(site.intersections.filter(({ database }) => database.intersection.phases.length === 8)).toHaveLength(8)
    const redAmber = ({ database }: IntersectionConfig) =>
      database.intersection.phases.some(({ timing }) => timing.redAmberMs > 0)
    expect(site.intersections.filter(redAmber).map(({ database }) => database.intersection.id)).toEqual([
      'IX-01',
      'IX-12',
    ])
  })

  test('is one network: from the square every intersection can be reached, and every link runs both ways', () => {
    const links = new Map(
      site.intersections.map(({ database: { intersection } }) => [
        intersection.id as string,
        intersection.approaches.flatMap(({ upstream }) => (upstream === null ? [] : [upstream.intersection as string])),
      ]),
    )
    const reached = new Set(['IX-01'])
    for (const id of reached) for (const next of links.get(id)!) reached.add(next)
    expect(reached.size).toBe(12)
    for (const [id, neighbours] of links) for (const next of neighbours) expect(links.get(next)).toContain(id)
  })

  test('names everything in Persian and English, with ی and ک of Persian and no Arabic letters in their place', () => {
    const names = site.intersections.flatMap(({ database: { intersection } }) => [
      intersection.name,
      ...intersection.approaches.map(({ name }) => name),
      ...intersection.phases.map(({ name }) => name),
      ...intersection.overlaps.map(({ name }) => name),
    ])
    for (const { fa, en } of names) {
      expect(fa).toMatch(/^[\u0600-\u06FF\u200C ]+$/)
      expect(fa).not.toMatch(/[يك]/)
      expect(en).toMatch(/^[A-Za-z0-9 ,-]+$/)
    }
  })

  test('has a loop 40 to 100 m before the stop line of every through phase', () => {
    for (const {
      database: { intersection },
    } of site.intersections)
      for (const { phase, kind, setbackM } of intersection.detectors) {
        if (kind === 'advance') expect(setbackM).toBeGreaterThanOrEqual(40)
        if (kind === 'advance') expect(setbackM).toBeLessThanOrEqual(100)
        expect(intersection.detectors.some((other) => other.phase === phase && other.kind !== 'advance')).toBe(true)
      }
  })
})

describe('the plans of the shipped city', () => {
  const held = ({ timing }: Phase) =>
    timing.redAmberMs +
    Math.max(timing.minGreenMs, timing.walkMs + timing.pedClearMs) +
    timing.yellowMs +
    timing.redClearMs

  test('hold minimum green, walk and pedestrian clearance in every split', () => {
    for (const { database } of site.intersections)
      for (const plan of database.plans)
        for (const phase of database.intersection.phases)
          expect(
            plan.splitsMs.get(phase.id),
            `${plan.key} ${database.intersection.id} phase ${phase.id}`,
          ).toBeGreaterThanOrEqual(held(phase))
  })

  test('share one cycle across the city, so that offsets mean something', () => {
    for (const key of ['night', 'am_peak', 'midday', 'pm_peak', 'friday'])
      expect(
        new Set(site.intersections.map(({ database }) => database.plans.find((plan) => plan.key === key)!.cycleMs))
          .size,
      ).toBe(1)
  })

  /** Start of a phase's turn after the master zero: the splits before it in its ring, after the offset. */
  function turnStartMs(id: string, plan: TimingPlan, phase: number): number {
    const ring = streetOf(id).sequences[0]!.rings.find((phases) => phases.some((one) => one === phase))!
    const before = ring.slice(
      0,
      ring.findIndex((one) => one === phase),
    )
    return plan.offsetMs + before.reduce((sum, one) => sum + plan.splitsMs.get(one)!, 0)
  }

  const PROGRESSION_MPS = 12.5

  /** Distance in time between the platoon's arrival and the begin of green, at most half a cycle. */
  function missMs(key: string, from: [id: string, phase: number], to: [id: string, phase: number]): number {
    const approach = streetOf(to[0]).approaches.find(({ upstream }) => upstream?.intersection === from[0])!
    const travelMs = (approach.upstream!.distanceM / PROGRESSION_MPS) * 1000
    const [departing, arriving] = [planOf(from[0], key), planOf(to[0], key)]
    const late = turnStartMs(from[0], departing, from[1]) + travelMs - turnStartMs(to[0], arriving, to[1])
    return Math.abs(late - Math.round(late / arriving.cycleMs) * arriving.cycleMs)
  }

  test('lead the platoon of the morning on green to the square, and that of the evening away from it', () => {
    const stageOf: Record<string, number> = { 'IX-02': 1, 'IX-07': 1, 'IX-04': 2, 'IX-09': 2, 'IX-06': 3, 'IX-10': 3 }
    for (const [id, stage] of Object.entries(stageOf)) {
      expect(missMs('am_peak', [id, 2], ['IX-01', stage]), `${id} inbound`).toBeLessThanOrEqual(1_000)
      expect(missMs('pm_peak', ['IX-01', stage], [id, 6]), `${id} outbound`).toBeLessThanOrEqual(1_000)
    }
    expect(missMs('am_peak', ['IX-03', 2], ['IX-02', 2])).toBeLessThanOrEqual(1_000)
    expect(missMs('pm_peak', ['IX-02', 6], ['IX-03', 6])).toBeLessThanOrEqual(1_000)
  })
})

describe('the demand of the shipped city', () => {
  test('enters at the edges of the network only, in every plan', () => {
    for (const { database, demand } of site.intersections)
      for (const { approach, vehiclesPerHour } of demand) {
        const { upstream }: Approach = database.intersection.approaches.find(({ id }) => id === approach)!
        expect(vehiclesPerHour.size).toBe(upstream === null ? 5 : 0)
      }
  })
})
