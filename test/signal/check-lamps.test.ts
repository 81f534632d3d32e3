/** Impossible heads and loops: overlaps, channels, approaches and detectors, each fault by its name and numbers. */
import { channelId, detectorId, overlapId, phaseId } from '#base/id.ts'
import type { Approach } from '#signal/intersection.ts'
import { judge, site, SOUND } from '#test/support/faulty-database.ts'

const approach = (changed: Partial<Approach>): Approach => ({
  id: 'N',
  name: { fa: 'شمال', en: 'north' },
  bearingDeg: 0,
  speedKph: 50,
  lengthM: 200,
  upstream: null,
  lanes: [{ id: 'N1', turns: ['through'], lengthM: 200, head: { kind: 'vehicle', phase: phaseId(2) } }],
  crosswalk: null,
  ...changed,
})
const detector = SOUND.intersection.detectors[0]!

const { overlaps, channels, detectors } = SOUND.intersection
const overlap = overlaps[0]!
judge([
  [
    'an overlap with an unknown phase',
    site({ overlaps: [{ ...overlap, included: [phaseId(1), phaseId(9)] }] }),
    { code: 'OVERLAP_PHASE_UNKNOWN', overlap: 1, phase: 9 },
  ],
  [
    'an overlap without phases',
    site({ overlaps: [{ ...overlap, included: [] }] }),
    { code: 'OVERLAP_WITHOUT_PHASES', overlap: 1 },
  ],
  ['an overlap twice', site({ overlaps: [overlap, overlap] }), { code: 'OVERLAP_TWICE', overlap: 1 }],
  [
    'an overlap beyond the bit field',
    site({ overlaps: [overlap, { ...overlap, id: overlapId(33) }] }),
    { code: 'OVERLAP_NUMBER_INVALID', overlap: 33, most: 32 },
  ],
  [
    'a channel that drives a crossing without walk',
    site({ channels: [...channels, { id: channelId(20), source: { kind: 'pedestrian', phase: phaseId(2) } }] }),
    { code: 'CHANNEL_DRIVES_NOTHING', channel: 20, source: { kind: 'pedestrian', phase: phaseId(2) } },
  ],
  [
    'a channel of an overlap that is not there',
    site({ channels: [...channels, { id: channelId(20), source: { kind: 'overlap', overlap: overlapId(9) } }] }),
    { code: 'CHANNEL_DRIVES_NOTHING', channel: 20 },
  ],
  [
    'a channel of a phase that is not there',
    site({ channels: [...channels, { id: channelId(20), source: { kind: 'vehicle', phase: phaseId(9) } }] }),
    { code: 'CHANNEL_DRIVES_NOTHING', channel: 20 },
  ],
  ['a channel twice', site({ channels: [...channels, channels[0]!] }), { code: 'CHANNEL_TWICE', channel: 1 }],
  [
    'a channel beyond the bit field',
    site({ channels: [...channels, { ...channels[0]!, id: channelId(33) }] }),
    { code: 'CHANNEL_NUMBER_INVALID', channel: 33, most: 32 },
  ],
  [
    'an approach twice',
    site({ approaches: [approach({}), approach({ lanes: [] })] }),
    { code: 'APPROACH_TWICE', approach: 'N' },
  ],
  [
    'a lane twice in an approach',
    site({ approaches: [approach({ lanes: [approach({}).lanes[0]!, approach({}).lanes[0]!] })] }),
    { code: 'LANE_TWICE', approach: 'N', lane: 'N1' },
    { code: 'LANE_TWICE' },
  ],
  [
    'a lane under a head that no channel drives',
    site({
      approaches: [approach({ lanes: [{ ...approach({}).lanes[0]!, head: { kind: 'vehicle', phase: phaseId(9) } }] })],
    }),
    { code: 'LANE_HEAD_WITHOUT_CHANNEL', approach: 'N', lane: 'N1' },
  ],
  [
    'a crosswalk without head and without walk',
    site({
      approaches: [
        approach({ crosswalk: { lengthM: 14, head: { kind: 'pedestrian', phase: phaseId(2) }, phase: phaseId(2) } }),
      ],
    }),
    { code: 'CROSSWALK_HEAD_WITHOUT_CHANNEL', approach: 'N' },
    { code: 'CROSSWALK_PHASE_WITHOUT_WALK', approach: 'N', phase: 2 },
  ],
  [
    'a crosswalk whose people are served',
    site({
      approaches: [
        approach({ crosswalk: { lengthM: 14, head: { kind: 'pedestrian', phase: phaseId(4) }, phase: phaseId(4) } }),
      ],
    }),
  ],
  [
    'a detector of an unknown phase',
    site({ detectors: [{ ...detector, phase: phaseId(9) }] }),
    { code: 'DETECTOR_PHASE_UNKNOWN', detector: 1, phase: 9 },
  ],
  [
    'a detector in an unknown lane',
    site({ detectors: [{ ...detector, lanes: ['X9'] }] }),
    { code: 'DETECTOR_LANE_UNKNOWN', detector: 1, lane: 'X9' },
  ],
  [
    'a detector in a lane of its approach',
    site({ approaches: [approach({})], detectors: [{ ...detector, lanes: ['N1'] }] }),
  ],
  [
    'a detector twice',
    site({ detectors: [detector, { ...detector, deviceChannel: 2 }] }),
    { code: 'DETECTOR_TWICE', detector: 1 },
  ],
  [
    'a detector beyond the last channel',
    site({ detectors: [{ ...detector, id: detectorId(65) }] }),
    { code: 'DETECTOR_NUMBER_INVALID', detector: 65, most: 64 },
  ],
  [
    'two detectors on one input of a card',
    site({ detectors: [detector, { ...detectors[1]!, deviceChannel: 1 }] }),
    { code: 'DETECTOR_INPUT_TWICE', detector: 2, other: 1, device: 'controller', deviceChannel: 1 },
  ],
])
