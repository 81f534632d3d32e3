/** Shape of `network.yaml`: what stands in the street, intersection by intersection. */
import { Type } from 'typebox'
import { PreemptRow, PriorityRow } from './preempt-rows.ts'
import {
  Bilingual,
  CHANNEL,
  FURTHER_SEQUENCE,
  HEAD,
  ID,
  Id,
  KEY,
  LEG,
  NUMBER_TO_16,
  NUMBER_TO_32,
  NUMBER_TO_64,
  NumberTo32,
  seconds,
  strict,
  table,
} from './fields.ts'
import { OverlapRow } from './overlap-row.ts'

/** All of NTCIP 1202's phase table; what is left out is 0, or false. */
const phaseFields = {
  name: Bilingual,
  min_green_s: seconds(1, 'shortest green'),
  added_initial_s: Type.Optional(
    seconds(0, 'what each vehicle that came while the phase was not green adds to its initial green'),
  ),
  max_initial_s: Type.Optional(seconds(0, 'the longest initial green that such vehicles may ask for')),
  passage_s: seconds(0, 'extension after each actuation; the phase gaps out when it has run'),
  time_before_reduction_s: Type.Optional(
    seconds(0, 'how long somebody waits elsewhere before the gap shrinks from passage_s'),
  ),
  time_to_reduce_s: Type.Optional(seconds(0, 'over what time it shrinks; 0 = it does not')),
  min_gap_s: Type.Optional(seconds(0, 'to what it shrinks')),
  max1_s: seconds(1, 'longest green against a conflicting call'),
  max2_s: seconds(1, 'the second maximum, for heavy hours'),
  dynamic_max_limit_s: Type.Optional(
    seconds(
      0,
      'how far the maximum may move, longer or shorter; two max-outs in a row lengthen it, two gap-outs shorten it',
    ),
  ),
  dynamic_max_step_s: Type.Optional(seconds(0, 'by how much it moves at a time')),
  yellow_s: seconds(0, 'not below the kinematic yellow of the standards'),
  red_clear_s: seconds(0, 'not below the kinematic clearance of the standards'),
  red_revert_s: Type.Optional(seconds(2, 'red between a yellow and the next green of the same phase; 2 if left out')),
  red_amber_s: Type.Optional(seconds(0, 'red and amber together before green; 0 = not shown')),
  walk_s: Type.Optional(seconds(0, '0 = no pedestrians')),
  ped_clear_s: Type.Optional(seconds(0, 'flashing; long enough for the longest crossing')),
  leading_ped_s: Type.Optional(
    seconds(0, 'leading pedestrian interval: the first part of walk, while the vehicles still stand'),
  ),
  ped_clear_in_yellow: Type.Optional(
    Type.Boolean({ description: 'the last part of ped_clear_s, as long as yellow_s, may run in the yellow' }),
  ),
  walk_rest: Type.Optional(Type.Boolean({ description: 'walk goes on while the green rests and nobody waits' })),
  recall: Type.Optional(Type.Enum(['none', 'minimum', 'maximum', 'soft'])),
  ped_recall: Type.Optional(Type.Boolean()),
  locking: Type.Optional(Type.Boolean({ description: 'a call stays until served' })),
  dual_entry: Type.Optional(Type.Boolean({ description: 'goes with a called phase of the other ring' })),
  simultaneous_gap_out: Type.Optional(
    Type.Boolean({
      description:
        'true if left out: at a barrier its green is extended until all rings can end; false: once gapped out, no more',
    }),
  ),
  conditional_service: Type.Optional(
    Type.Boolean({ description: 'may be served again before the barrier, while the other ring still needs its green' }),
  ),
  rest: Type.Optional(
    Type.Enum(['green', 'red'], { description: 'where it rests when nobody waits; green if left out' }),
  ),
  may_omit: Type.Optional(Type.Boolean({ description: 'supervision may omit it' })),
  clears_m: Type.Optional(
    Type.Number({ minimum: 0, maximum: 200, description: 'from the stop line to past the last conflict' }),
  ),
}

const Lane = strict({
  turns: Type.Array(Type.Enum(['left', 'through', 'right']), { minItems: 1, uniqueItems: true }),
  head: Type.String({ pattern: HEAD, description: '`phase 2` or `overlap 1`' }),
  pocket_m: Type.Optional(Type.Number({ minimum: 6, maximum: 500, description: 'a turning pocket of this storage' })),
  right_on_red: Type.Optional(
    Type.Boolean({ description: 'right turns may go on red after a stop, while nobody comes; false if left out' }),
  ),
})

const Approach = strict({
  name: Bilingual,
  from: strict({
    bearing_deg: Type.Number({ minimum: 0, exclusiveMaximum: 360, description: 'clockwise from north' }),
    speed_kph: Type.Number({ minimum: 10, maximum: 100 }),
    length_m: Type.Number({ minimum: 20, maximum: 2000, description: 'of its full lanes' }),
    grade_pct: Type.Optional(
      Type.Number({ minimum: -15, maximum: 15, description: 'towards the stop line, uphill positive; 0 = level' }),
    ),
    upstream: Type.Optional(
      strict(
        { intersection: Id, distance_m: Type.Number({ minimum: 20, maximum: 20_000 }) },
        'the intersection that feeds it, from stop line to stop line; none at the edge of the network',
      ),
    ),
  }),
  lanes: Type.Array(Lane, { minItems: 1, maxItems: 8, description: 'from the kerb to the middle' }),
  crosswalk: Type.Optional(
    strict(
      {
        length_m: Type.Number({ minimum: 2, maximum: 60 }),
        phase: NumberTo32,
        overlap: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 32,
            description: 'the pedestrian overlap that shows its walk; that of the phase, if left out',
          }),
        ),
      },
      'over this leg',
    ),
  ),
})

const minutes = (description: string) => Type.Number({ minimum: 0, maximum: 255, description })

const detectorFields = {
  kind: Type.Enum(['stop-bar', 'advance', 'zone']),
  lanes: Type.Array(Type.String(), { minItems: 1, description: 'approach and number from the kerb: N2' }),
  setback_m: Type.Number({ minimum: 0, maximum: 300, description: 'from the stop line to its downstream edge' }),
  length_m: Type.Number({ minimum: 0.5, maximum: 100 }),
  phase: NumberTo32,
  device: Type.Optional(Type.String({ pattern: KEY, description: 'controller, unless it is on a card' })),
  channel: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 64, description: 'there; the detector number, if left out' }),
  ),
  calls: Type.Optional(Type.Boolean({ description: 'its phase, while that is not green; true, if left out' })),
  extends: Type.Optional(Type.Boolean({ description: 'the green of its phase; true, if left out' })),
  counts_initial: Type.Optional(Type.Boolean({ description: 'for the added initial green; true, if left out' })),
  delay_s: Type.Optional(seconds(0, 'a vehicle must stay this long before it is a call, while the phase is not green')),
  extension_s: Type.Optional(seconds(0, 'its actuation outlasts the vehicle by this, while the phase is green')),
  queue_limit_s: Type.Optional(seconds(0, 'it extends only so far into the green; 0 = all the time')),
  switch_phase: Type.Optional(NumberTo32),
  no_activity_min: Type.Optional(minutes('without an actuation it is a fault; 0 = not watched')),
  max_presence_min: Type.Optional(minutes('one actuation that lasts so long is a fault; 0 = not watched')),
  erratic_per_min: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 255, description: 'more actuations in a minute are a fault; 0 = not watched' }),
  ),
  fail_time_s: Type.Optional(
    seconds(0, 'at fault it calls its phase and holds its green for this; 0 = ignored, 255 = the whole green'),
  ),
}

const Rings = Type.Array(Type.Array(Type.Array(NumberTo32)), {
  minItems: 1,
  maxItems: 4,
  description: 'one line a ring, one list a barrier group, phases in order of service',
})

const phaseList = (description: string) => Type.Optional(Type.Array(NumberTo32, { uniqueItems: true, description }))

const unitFields = {
  startup_flash_s: Type.Optional(seconds(0, 'flash after a power-up, while the unit checks itself; 0 if left out')),
  start_all_red_s: Type.Optional(seconds(0, 'all red after a flash; 5 if left out')),
  start_phases: phaseList('green first after it, together; whoever is called first, if left out'),
  flash_entry_phases: phaseList('served and cleared before a flash of the schedule; any all red, if left out'),
  flash_exit_phases: phaseList('green first after it; the start phases, if left out'),
  flash_yellow_phases: phaseList('flash yellow; all others flash red'),
  min_flash_s: Type.Optional(seconds(0, 'shortest flash, whoever asks for it; 5 if left out')),
}

const IntersectionRow = strict({
  name: Bilingual,
  position: strict({
    latitude: Type.Number({ minimum: -90, maximum: 90 }),
    longitude: Type.Number({ minimum: -180, maximum: 180 }),
  }),
  approaches: table(LEG, Approach),
  unit: Type.Optional(strict(unitFields, 'the controller as a whole: how it comes up and flashes')),
  phases: table(NUMBER_TO_32, strict(phaseFields)),
  rings: Rings,
  sequences: Type.Optional(table(FURTHER_SEQUENCE, Rings, 'other orders of the same phases; `rings` is number 1')),
  extra_conflicts: Type.Optional(Type.Array(Type.Tuple([NumberTo32, NumberTo32]))),
  intergreens: Type.Optional(
    Type.Array(
      strict({
        from: Type.String({ pattern: CHANNEL, description: 'the head that ends' }),
        to: Type.String({ pattern: CHANNEL, description: 'the head that begins' }),
        s: seconds(0, 'from the end of its green, or pedestrian clearance, to the green or walk of the other'),
      }),
      { description: 'longer times between two heads than yellow and red clearance' },
    ),
  ),
  overlaps: Type.Optional(table(NUMBER_TO_32, OverlapRow, 'signal groups that several phases light')),
  channels: table(
    NUMBER_TO_32,
    Type.String({ pattern: CHANNEL }),
    'load switches: `phase 2`, `walk 2`, `overlap 1` or `flash 1` (the section of its arrow that flashes)',
  ),
  detectors: table(NUMBER_TO_64, strict(detectorFields)),
  preempts: Type.Optional(table(NUMBER_TO_16, PreemptRow, 'who may break into the sequence, by input')),
  priorities: Type.Optional(table(NUMBER_TO_16, PriorityRow, 'transit priority, by input')),
})

const partially = <P extends Type.TProperties>(fields: P) => table(KEY, Type.Partial(strict(fields)))

export const NetworkFile = strict({
  defaults: Type.Optional(
    strict(
      {
        phases: Type.Optional(partially(phaseFields)),
        detectors: Type.Optional(partially(detectorFields)),
        unit: Type.Optional(partially(unitFields)),
        channels: Type.Optional(table(KEY, table(NUMBER_TO_32, Type.String({ pattern: CHANNEL })))),
        preempts: Type.Optional(table(KEY, Type.Partial(PreemptRow))),
        priorities: Type.Optional(table(KEY, Type.Partial(PriorityRow))),
      },
      'rows to be merged into others by YAML anchor (&name, then <<: *name)',
    ),
  ),
  intersections: table(ID, IntersectionRow),
})
export type NetworkFile = Type.Static<typeof NetworkFile>
export type IntersectionRow = NetworkFile['intersections'][string]
export type PhaseRow = IntersectionRow['phases'][string]
export type UnitRow = NonNullable<IntersectionRow['unit']>
export type ApproachRow = IntersectionRow['approaches'][string]
export type CrosswalkRow = NonNullable<ApproachRow['crosswalk']>
export type DetectorRow = IntersectionRow['detectors'][string]
