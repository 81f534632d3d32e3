/** Overlaps, channels, lanes, crosswalks and detectors that hang on nothing. */
import { checkDetectors } from './check-detectors.ts'
import { isNumber, twice } from './check-numbers.ts'
import { checkOverlaps } from './check-overlaps.ts'
import type { ApproachFault, ChannelFault, DetectorFault, OverlapFault } from './database-fault.ts'
import type { Channel, HeadSource } from '../heads.ts'
import type { Approach, Intersection } from '../intersection.ts'

/** Bit fields have 32 bits. */
const CHANNEL_MOST = 32

export function checkLamps(
  intersection: Intersection,
): (OverlapFault | ChannelFault | ApproachFault | DetectorFault)[] {
  const { channels, approaches } = intersection
  const lanes = approaches.flatMap((approach) => approach.lanes.map(({ id }) => id))
  return [
    ...checkOverlaps(intersection),
    ...twice(channels.map(({ id }) => id)).map((channel) => ({ code: 'CHANNEL_TWICE' as const, channel })),
    ...channels.flatMap((channel) => [...checkChannel(channel, intersection)]),
    ...twice(approaches.map(({ id }) => id)).map((approach) => ({ code: 'APPROACH_TWICE' as const, approach })),
    ...approaches.flatMap((approach) => [...checkApproach(approach, intersection, twice(lanes))]),
    ...checkDetectors(intersection),
  ]
}

function* checkChannel({ id: channel, source }: Channel, intersection: Intersection): Generator<ChannelFault> {
  if (!isNumber(channel, CHANNEL_MOST)) yield { code: 'CHANNEL_NUMBER_INVALID', channel, most: CHANNEL_MOST }
  if (!isDriven(source, intersection)) yield { code: 'CHANNEL_DRIVES_NOTHING', channel, source }
}

function* checkApproach(
  { id: approach, lanes, crosswalk }: Approach,
  intersection: Intersection,
  lanesTwice: readonly string[],
): Generator<ApproachFault> {
  for (const { id: lane, head } of lanes) {
    if (lanesTwice.includes(lane)) yield { code: 'LANE_TWICE', approach, lane }
    if (!hasChannel(intersection, head)) yield { code: 'LANE_HEAD_WITHOUT_CHANNEL', approach, lane, head }
  }
  if (crosswalk === null) return
  const { head, phase } = crosswalk
  if (!hasChannel(intersection, head)) yield { code: 'CROSSWALK_HEAD_WITHOUT_CHANNEL', approach, head }
  if (!isDriven({ kind: 'pedestrian', phase }, intersection))
    yield { code: 'CROSSWALK_PHASE_WITHOUT_WALK', approach, phase }
}

/** Something lights it: its overlap or phase exists, the overlap flashes and the phase has pedestrians if it is to show that. */
function isDriven(source: HeadSource, { phases, overlaps }: Intersection): boolean {
  if ('overlap' in source) {
    const overlap = overlaps.find(({ id }) => id === source.overlap)
    return overlap !== undefined && (source.kind === 'overlap' || overlap.kind === 'flashingYellowArrow')
  }
  const phase = phases.find(({ id }) => id === source.phase)
  return phase !== undefined && (source.kind === 'vehicle' || phase.timing.walkMs > 0)
}

const hasChannel = ({ channels }: Intersection, head: HeadSource): boolean =>
  channels.some(({ source }) => nameOf(source) === nameOf(head))

const nameOf = (head: HeadSource): string => `${head.kind} ${'overlap' in head ? head.overlap : head.phase}`
