/** Makes the facts of an intersection from its row in `network.yaml`: seconds become ms, a diagram becomes phases. */
import {
  channelId,
  detectorId,
  intersectionId,
  overlapId,
  phaseId,
  type IntersectionId,
  type PhaseId,
} from '#base/id.ts'
import { CONTROLLER_DEVICE, type Detector, type DetectorOptions } from '#signal/detector.ts'
import type { Channel, HeadSource } from '#signal/heads.ts'
import type { Approach, Crosswalk, Intersection, Lane } from '#signal/intersection.ts'
import type { PhaseSequence } from '#signal/phase.ts'
import { buildPhase } from './build-phase.ts'
import { numberedRows, toMs } from './fields.ts'
import type { ApproachRow, CrosswalkRow, DetectorRow, IntersectionRow } from './network-file.ts'
import { buildOverlap } from './overlap-row.ts'

/** A phase that stands in no ring gets ring 0, which no controller has: the check of the database finds it. */
export function buildIntersection(id: IntersectionId, row: IntersectionRow): Intersection {
  return {
    id,
    name: row.name,
    latitude: row.position.latitude,
    longitude: row.position.longitude,
    phases: numberedRows(row.phases).map(([number, phase]) => buildPhase(number, phase, row.rings)),
    sequences: buildSequences(row),
    extraConflicts: (row.extra_conflicts ?? []).map(([a, b]): [PhaseId, PhaseId] => [phaseId(a), phaseId(b)]),
    intergreens: (row.intergreens ?? []).map(({ from, to, s }) => ({
      from: headSource(from),
      to: headSource(to),
      ms: toMs(s),
    })),
    overlaps: numberedRows(row.overlaps ?? {}).map(([number, overlap]) => buildOverlap(number, overlap)),
    channels: numberedRows(row.channels).map(([number, head]): Channel => ({
      id: channelId(number),
      source: headSource(head),
    })),
    approaches: Object.entries(row.approaches).map(([leg, approach]) => buildApproach(leg, approach)),
    detectors: numberedRows(row.detectors).map(([number, detector]) => buildDetector(number, detector)),
  }
}

/** `phase 2`, `walk 2`, `overlap 1` or `flash 1` as it stands in the file. */
export function headSource(head: string): HeadSource {
  const [kind, text] = head.split(' ')
  const number = Number(text)
  if (kind === 'overlap') return { kind: 'overlap', overlap: overlapId(number) }
  if (kind === 'flash') return { kind: 'flashingArrow', overlap: overlapId(number) }
  return { kind: kind === 'walk' ? 'pedestrian' : 'vehicle', phase: phaseId(number) }
}

/** A head as the file writes it. */
export const writtenHead = (head: HeadSource): string =>
  'overlap' in head
    ? `${head.kind === 'overlap' ? 'overlap' : 'flash'} ${head.overlap}`
    : `${head.kind === 'pedestrian' ? 'walk' : 'phase'} ${head.phase}`

/** Lanes are named by their leg and their number from the kerb. */
export const laneId = (leg: string, index: number): string => `${leg}${index + 1}`

/** The leg of a lane: `N` of `N2`. */
export const legOf = (lane: string): string => lane.replace(/\d+$/, '')

/** Its place in the list of the leg's lanes, from 0. */
export const laneIndex = (lane: string): number => Number(lane.slice(legOf(lane).length)) - 1

function buildSequences(row: IntersectionRow): PhaseSequence[] {
  const orders: [number, IntersectionRow['rings']][] = [[1, row.rings], ...numberedRows(row.sequences ?? {})]
  return orders.map(([number, rings]) => ({ number, rings: rings.map((groups) => groups.flat().map(phaseId)) }))
}

function buildApproach(leg: string, row: ApproachRow): Approach {
  const { bearing_deg, length_m, speed_kph, upstream } = row.from
  return {
    id: leg,
    name: row.name,
    bearingDeg: bearing_deg,
    speedKph: speed_kph,
    lengthM: length_m,
    upstream:
      upstream === undefined
        ? null
        : { intersection: intersectionId(upstream.intersection), distanceM: upstream.distance_m },
    lanes: row.lanes.map((lane, index): Lane => ({
      id: laneId(leg, index),
      turns: lane.turns,
      lengthM: lane.pocket_m ?? length_m,
      head: headSource(lane.head),
      ...(lane.right_on_red === undefined ? {} : { rightOnRed: lane.right_on_red }),
    })),
    crosswalk: row.crosswalk === undefined ? null : buildCrosswalk(row.crosswalk),
  }
}

function buildCrosswalk({ length_m, phase, overlap }: CrosswalkRow): Crosswalk {
  const head: HeadSource =
    overlap === undefined
      ? { kind: 'pedestrian', phase: phaseId(phase) }
      : { kind: 'overlap', overlap: overlapId(overlap) }
  return { lengthM: length_m, head, phase: phaseId(phase) }
}

function buildDetector(number: number, row: DetectorRow): Detector {
  return {
    id: detectorId(number),
    kind: row.kind,
    lanes: row.lanes,
    setbackM: row.setback_m,
    lengthM: row.length_m,
    phase: phaseId(row.phase),
    device: row.device ?? CONTROLLER,
    deviceChannel: row.channel ?? number,
    options: buildOptions(row),
    diagnostics: {
      noActivityMs: minutesToMs(row.no_activity_min ?? 0),
      maxPresenceMs: minutesToMs(row.max_presence_min ?? 0),
      erraticCountsPerMinute: row.erratic_per_min ?? 0,
      failTimeMs: toMs(row.fail_time_s ?? 0),
    },
  }
}

const minutesToMs = (minutes: number): number => toMs(minutes * 60)

function buildOptions(row: DetectorRow): DetectorOptions {
  return {
    calls: row.calls ?? true,
    extends: row.extends ?? true,
    countsInitial: row.counts_initial ?? true,
    delayMs: toMs(row.delay_s ?? 0),
    extensionMs: toMs(row.extension_s ?? 0),
    queueLimitMs: toMs(row.queue_limit_s ?? 0),
    switchPhase: row.switch_phase === undefined ? null : phaseId(row.switch_phase),
  }
}

/** Name of the device that every cabinet has. */
export const CONTROLLER = CONTROLLER_DEVICE
