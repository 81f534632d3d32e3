/** A junction of one approach for tests of the traffic: lanes, pockets, loops and demand as asked. */
import { NO_DIAGNOSTICS, PLAIN_DETECTION } from '#signal/detector.ts'
import { detectorId, intersectionId, phaseId, type IntersectionId } from '#base/id.ts'
import type { Detector } from '#signal/detector.ts'
import type { Crosswalk, Intersection, Lane, Turn } from '#signal/intersection.ts'
import type { StreetPlan } from '#sim/traffic/network.ts'
import { createTraffic, stepTraffic, TRAFFIC_STEP_MS, type Lamps, type Traffic } from '#sim/traffic/traffic.ts'
import type { Approach, Junction, Lane as StreetLane } from '#sim/traffic/street.ts'

export interface StreetWish {
  readonly id?: string
  /** Turns and length of each lane, from the kerb; all show phase 1. */
  readonly lanes?: readonly { readonly turns: readonly Turn[]; readonly lengthM?: number; readonly phase?: number }[]
  readonly lengthM?: number
  readonly upstream?: { readonly intersection: string; readonly distanceM: number }
  readonly vehiclesPerHour?: number
  readonly pedestriansPerHour?: number
  readonly turnShares?: { readonly left: number; readonly through: number; readonly right: number }
  readonly detectors?: readonly Pick<Detector, 'lanes' | 'setbackM' | 'lengthM'>[]
}

/** One approach from the north, 50 km/h; lanes are called N1, N2, … */
export function oneStreet(wish: StreetWish): StreetPlan {
  const lengthM = wish.lengthM ?? 300
  const lanes: Lane[] = (wish.lanes ?? [{ turns: ['through'] }]).map((lane, i) => ({
    id: `N${i + 1}`,
    turns: lane.turns,
    lengthM: lane.lengthM ?? lengthM,
    head: { kind: 'vehicle', phase: phaseId(lane.phase ?? 1) },
  }))
  const crosswalk: Crosswalk = { lengthM: 12, head: { kind: 'pedestrian', phase: phaseId(4) }, phase: phaseId(4) }
  const upstream = wish.upstream && {
    intersection: intersectionId(wish.upstream.intersection),
    distanceM: wish.upstream.distanceM,
  }
  return {
    database: {
      intersection: junction(intersectionId(wish.id ?? 'IX-T'), { lanes, lengthM, upstream, crosswalk, wish }),
    },
    demand: [
      {
        approach: 'N',
        vehiclesPerHour: new Map([['peak', wish.vehiclesPerHour ?? 0]]),
        turnShares: wish.turnShares ?? { left: 0, through: 1, right: 0 },
        pedestriansPerHour: wish.pedestriansPerHour ?? 0,
      },
    ],
  }
}

interface JunctionParts {
  readonly lanes: readonly Lane[]
  readonly lengthM: number
  readonly upstream: { readonly intersection: IntersectionId; readonly distanceM: number } | undefined
  readonly crosswalk: Crosswalk
  readonly wish: StreetWish
}

const junction = (id: IntersectionId, parts: JunctionParts): Intersection => ({
  id,
  name: { fa: id, en: id },
  latitude: 34.8,
  longitude: 48.5,
  phases: [],
  sequences: [],
  extraConflicts: [],
  intergreens: [],
  overlaps: [],
  channels: [],
  approaches: [
    {
      id: 'N',
      name: { fa: 'شمال', en: 'North' },
      bearingDeg: 0,
      speedKph: 50,
      lengthM: parts.lengthM,
      upstream: parts.upstream ?? null,
      lanes: parts.lanes,
      crosswalk: parts.crosswalk,
    },
  ],
  detectors: (parts.wish.detectors ?? []).map((place, i) => ({
    ...place,
    id: detectorId(i + 1),
    kind: place.lanes.length > 1 ? 'zone' : 'stop-bar',
    phase: phaseId(1),
    device: 'controller',
    deviceChannel: i + 1,
    options: PLAIN_DETECTION,
    diagnostics: NO_DIAGNOSTICS,
  })),
})

export const RED: Lamps = { greens: 0, yellows: 0, walks: 0, overlapGreens: 0, overlapYellows: 0, overlapFlashes: 0 }
export const YELLOW: Lamps = { ...RED, yellows: 1 }
export const GREEN: Lamps = { ...RED, greens: 1 }

export const streets = (plans: readonly StreetPlan[], seed = 1): Traffic => createTraffic(plans, seed)

/** Lets the traffic run with the lamps that `lampsAt` gives for its clock; `watch` sees every step. */
export function run(
  traffic: Traffic,
  durationMs: number,
  { lampsAt, watch }: { readonly lampsAt: (nowMs: number, junction: number) => Lamps; readonly watch?: () => void },
): void {
  for (let ms = 0; ms < durationMs; ms += TRAFFIC_STEP_MS) {
    stepTraffic(traffic, (i) => ({ lamps: lampsAt(traffic.nowMs, i), demandKey: 'peak' }))
    watch?.()
  }
}

/** Green for `greenMs` of each cycle, then yellow for 3 s, then red. */
export const signalOf = (cycleMs: number, greenMs: number) => (nowMs: number) => {
  const inCycleMs = nowMs % cycleMs
  if (inCycleMs < greenMs) return GREEN
  return inCycleMs < greenMs + 3_000 ? YELLOW : RED
}

export function junctionOf(traffic: Traffic, index = 0): Junction {
  const found = traffic.junctions[index]
  if (!found) throw new Error('no such junction')
  return found
}

export function approachOf(traffic: Traffic, index = 0): Approach {
  const found = junctionOf(traffic, index).approaches[0]
  if (!found) throw new Error('no such approach')
  return found
}

export function laneOf(traffic: Traffic, id: string, index = 0): StreetLane {
  const found = approachOf(traffic, index).lanes.find((lane) => lane.id === id)
  if (!found) throw new Error(`no lane ${id}`)
  return found
}
