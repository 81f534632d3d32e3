/** The lights of a network as rows of a site's files, in the words and units that an engineer edits. */
import type { DeviceRow } from '#config/devices-file.ts'
import type { ApproachRow, DetectorRow, IntersectionRow, PhaseRow } from '#config/network-file.ts'
import { writtenHead } from '#config/build-intersection.ts'
import type { PlanRow } from '#config/plans-file.ts'
import type { Detector } from '#signal/detector.ts'
import type { Approach, Intersection } from '#signal/intersection.ts'
import type { Phase } from '#signal/phase.ts'
import type { TimingPlan } from '#signal/timing-plan.ts'
import type { DerivedLight } from '../derive/derive-lights.ts'
import type { Leg, Legs } from './legs.ts'

/** A light on its way into files: what it is called there, and where it stands. */
export interface ImportedLight {
  readonly light: DerivedLight
  readonly id: string
  readonly legs: Legs
  readonly latitude: number
  readonly longitude: number
  /** By stage: from the stop line to the far side, of the longest way. */
  readonly clearsM: readonly number[]
}

type UpstreamRow = NonNullable<ApproachRow['from']['upstream']>

/** The intersection that feeds an approach, as the files have it; undefined at the edge of the network. */
export type UpstreamOf = (approach: Approach) => UpstreamRow | undefined

/** Lengths and speeds that the files allow. */
const LENGTH_M = { least: 20, most: 2_000 } as const
const SPEED_KPH = { least: 10, most: 100 } as const

export function intersectionRow(
  { light, legs, latitude, longitude, clearsM }: ImportedLight,
  upstream: UpstreamOf,
): IntersectionRow {
  const { intersection, unit } = light.database
  const { detectors } = intersection
  const called = new Set(detectors.flatMap(({ phase, options }) => (options.calls ? [phase] : [])))
  return {
    name: intersection.name,
    position: { latitude, longitude },
    approaches: Object.fromEntries(legs.legs.map((each) => [each.leg, approachRow(each, detectors, upstream)])),
    unit: { start_phases: [...unit.startPhases] },
    phases: Object.fromEntries(
      intersection.phases.map((phase) => [phase.id, phaseRow(phase, called.has(phase.id), clearsM[phase.id - 1] ?? 0)]),
    ),
    rings: intersection.sequences.flatMap(({ rings }) => rings.map((ring) => [[...ring]])),
    overlaps: Object.fromEntries(
      intersection.overlaps.map(({ id, name, kind, included }) => [
        id,
        { name, phases: [...included], ...(kind === 'pedestrian' && { kind: 'pedestrian' as const }) },
      ]),
    ),
    channels: Object.fromEntries(intersection.channels.map(({ id, source }) => [id, writtenHead(source)])),
    detectors: Object.fromEntries(
      intersection.detectors.map((detector) => [
        detector.id,
        detectorRow(detector, legs.laneName, roomOf(detector, intersection, upstream)),
      ]),
    ),
  }
}

export const planRow = ({ cycleMs, offsetMs, splitsMs, coordinatedPhases }: TimingPlan): PlanRow => ({
  cycle_s: cycleMs / 1_000,
  offset_s: offsetMs / 1_000,
  splits_s: Object.fromEntries([...splitsMs].map(([phase, ms]) => [phase, ms / 1_000])),
  coordinated: [...coordinatedPhases],
  offset_reference: 'start_of_green',
})

/** The simulator's own controller, on ports of the loopback address. */
export const deviceRows = (port: number): Record<string, DeviceRow> => ({
  controller: { profile: 'sabz-modbus-controller', host: '127.0.0.1', port },
})

/** As long as its lanes, and as far as its loops lie, but not past the light upstream: a network divides streets anywhere. */
function approachRow({ approach, lanes }: Leg, detectors: readonly Detector[], upstream: UpstreamOf): ApproachRow {
  const { name, bearingDeg, speedKph } = approach
  const from = upstream(approach)
  return {
    name,
    from: {
      bearing_deg: bearingDeg,
      speed_kph: within(speedKph, SPEED_KPH),
      length_m: lengthOf(approach, detectors, from),
      ...(from && { upstream: from }),
    },
    lanes: lanes.map(({ turns, head, rightOnRed }) => ({
      ...{ turns: [...turns], head: writtenHead(head) },
      ...(rightOnRed && { right_on_red: true }),
    })),
  }
}

function lengthOf(approach: Approach, detectors: readonly Detector[], upstream: UpstreamRow | undefined): number {
  const own = detectors.filter((detector) => detector.lanes.some((id) => approach.lanes.some((lane) => lane.id === id)))
  const reachM = Math.max(approach.lengthM, ...own.map(({ setbackM, lengthM }) => setbackM + lengthM))
  return within(Math.min(reachM, upstream?.distance_m ?? reachM), LENGTH_M)
}

function phaseRow(
  { name, timing, recall, pedestrianRecall, pedClearInYellow }: Phase,
  called: boolean,
  clearsM: number,
): PhaseRow {
  return {
    name,
    min_green_s: timing.minGreenMs / 1_000,
    passage_s: timing.passageMs / 1_000,
    max1_s: timing.max1Ms / 1_000,
    max2_s: timing.max2Ms / 1_000,
    yellow_s: timing.yellowMs / 1_000,
    red_clear_s: timing.redClearMs / 1_000,
    ...(timing.walkMs > 0 && { walk_s: timing.walkMs / 1_000, ped_clear_s: timing.pedClearMs / 1_000 }),
    ...(called ? recall !== 'none' && { recall } : { recall: 'minimum' as const }),
    ...(pedestrianRecall && { ped_recall: true }),
    ...(pedClearInYellow && { ped_clear_in_yellow: true }),
    may_omit: true,
    clears_m: clearsM,
  }
}

/** How much of a street there is for a detector: that of its shortest approach. */
const roomOf = ({ lanes }: Detector, { approaches, detectors }: Intersection, upstream: UpstreamOf): number =>
  Math.min(
    ...approaches
      .filter((approach) => approach.lanes.some(({ id }) => lanes.includes(id)))
      .map((approach) => lengthOf(approach, detectors, upstream(approach))),
  )

const detectorRow = (
  { kind, lanes, setbackM, lengthM, phase, options }: Detector,
  laneName: (lane: string) => string,
  roomM: number,
): DetectorRow => ({
  kind,
  lanes: lanes.map(laneName),
  setback_m: Math.min(setbackM, roomM - lengthM),
  length_m: lengthM,
  phase,
  ...(!options.extends && { extends: false }),
})

const within = (value: number, { least, most }: { readonly least: number; readonly most: number }): number =>
  Math.min(most, Math.max(least, Math.round(value)))
