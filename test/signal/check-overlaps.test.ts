/** Overlaps that cannot be lit, or say what their kind does not have: each fault by its name and numbers. */
import { channelId, overlapId, phaseId } from '#base/id.ts'
import type { Overlap } from '#signal/heads.ts'
import { judge, site, SOUND } from '#test/support/faulty-database.ts'
import { database } from '#test/support/junctions.ts'

const { overlaps, channels } = SOUND.intersection
/** Of phases 1 and 8; phase 4 is the one that walks. */
const plain = overlaps[0]!
const withOverlap = (changed: Partial<Overlap>) => site({ overlaps: [{ ...plain, ...changed }] })

const ARROW: Partial<Overlap> = { kind: 'flashingYellowArrow', included: [phaseId(2)], modifiers: [phaseId(1)] }
const FLASH = { id: channelId(30), source: { kind: 'flashingArrow', overlap: overlapId(1) } } as const
const withArrow = (changed: Partial<Overlap> = {}) =>
  site({ overlaps: [{ ...plain, ...ARROW, ...changed }], channels: [...channels, FLASH] })

judge([
  ['a right turn that gives way to a left turn', withOverlap({ kind: 'minusGreenYellow', modifiers: [phaseId(5)] })],
  [
    'a right turn that gives way to nobody',
    withOverlap({ kind: 'minusGreenYellow' }),
    { code: 'OVERLAP_MODIFIERS_MISSING', overlap: 1, kind: 'minusGreenYellow' },
  ],
  [
    'modifiers of an overlap that has none',
    withOverlap({ modifiers: [phaseId(5)] }),
    { code: 'OVERLAP_MODIFIERS_UNUSED', overlap: 1, kind: 'normal' },
  ],
  [
    'a modifier that is not there',
    withOverlap({ kind: 'minusGreenYellow', modifiers: [phaseId(9)] }),
    { code: 'OVERLAP_MODIFIER_UNKNOWN', overlap: 1, phase: 9 },
  ],
  [
    'a phase that lights it and takes it off',
    withOverlap({ kind: 'minusGreenYellow', modifiers: [phaseId(8)] }),
    { code: 'OVERLAP_MODIFIER_INCLUDED', overlap: 1, phase: 8 },
  ],
  ['a crossing that walks with a phase that does', withOverlap({ kind: 'pedestrian', included: [phaseId(4)] })],
  [
    'a crossing that walks with a phase that does not',
    withOverlap({ kind: 'pedestrian', included: [phaseId(4), phaseId(8)] }),
    { code: 'OVERLAP_PHASE_WITHOUT_WALK', overlap: 1, phase: 8 },
  ],
  [
    'a green that trails as long as it may, where no plan has to hold it',
    database(withOverlap({ trailingGreenMs: 255_000, trailingRedMs: 25_500 }).intersection),
  ],
  [
    'a green that trails longer',
    withOverlap({ trailingGreenMs: 255_100 }),
    { code: 'OVERLAP_TIME_OUT_OF_RANGE', overlap: 1, time: 'trailingGreenMs', ms: 255_100, mostMs: 255_000 },
  ],
  ['a yellow of its own, as short as it may be', withOverlap({ trailingYellowMs: 3_000 })],
  ['and as long', withOverlap({ trailingYellowMs: 7_000 })],
  [
    'a yellow of its own that is too short',
    withOverlap({ trailingYellowMs: 2_999 }),
    { code: 'OVERLAP_TIME_OUT_OF_RANGE', overlap: 1, time: 'trailingYellowMs', leastMs: 3_000, mostMs: 7_000 },
  ],
  [
    'a red clearance that is no time at all',
    withOverlap({ trailingRedMs: Number.NaN }),
    { code: 'OVERLAP_TIME_OUT_OF_RANGE', overlap: 1, time: 'trailingRedMs' },
  ],
  [
    'half a millisecond of trailing green',
    withOverlap({ trailingGreenMs: 1_000.5 }),
    { code: 'OVERLAP_TIME_NOT_WHOLE_MS', overlap: 1, time: 'trailingGreenMs', ms: 1_000.5 },
  ],
  [
    'a crossing that trails',
    withOverlap({ kind: 'pedestrian', included: [phaseId(4)], trailingGreenMs: 1_000, trailingRedMs: 1_000 }),
    { code: 'OVERLAP_TRAILING_UNUSED', overlap: 1, kind: 'pedestrian', time: 'trailingGreenMs' },
    { code: 'OVERLAP_TRAILING_UNUSED', overlap: 1, kind: 'pedestrian', time: 'trailingRedMs' },
  ],
  ['an arrow with both its sections', withArrow()],
  [
    'an arrow that nobody protects',
    withArrow({ modifiers: [] }),
    { code: 'OVERLAP_MODIFIERS_MISSING', overlap: 1, kind: 'flashingYellowArrow' },
  ],
  ['an arrow that never flashes', withArrow({ included: [] }), { code: 'OVERLAP_WITHOUT_PHASES', overlap: 1 }],
  [
    'an arrow without the channel of its flashing section',
    withOverlap(ARROW),
    { code: 'ARROW_CHANNELS_UNPAIRED', overlap: 1, arrows: 1, flashes: 0 },
  ],
  [
    'a flashing section without the channel of its arrow',
    site({
      overlaps: [{ ...plain, ...ARROW }],
      channels: [...channels.filter(({ source }) => source.kind !== 'overlap'), FLASH],
    }),
    { code: 'ARROW_CHANNELS_UNPAIRED', overlap: 1, arrows: 0, flashes: 1 },
  ],
  [
    'a flashing section of an overlap that has no arrow',
    site({ channels: [...channels, FLASH] }),
    { code: 'CHANNEL_DRIVES_NOTHING', channel: 30, source: FLASH.source },
  ],
  [
    'a left turn whose phase is seen by its arrow alone',
    site({
      overlaps: [{ ...plain, ...ARROW }],
      channels: [...channels.filter(({ source }) => !('phase' in source && source.phase === 1)), FLASH],
    }),
  ],
  [
    'a phase that is seen by an overlap that it only takes off',
    site({
      overlaps: [{ ...plain, kind: 'minusGreenYellow', included: [phaseId(8)], modifiers: [phaseId(1)] }],
      channels: channels.filter(({ source }) => !('phase' in source && source.phase === 1)),
    }),
    { code: 'PHASE_LIGHTS_NOTHING', phase: 1 },
  ],
])
