/** Shape of `plans.yaml`: cycle, offset and splits of each intersection, plan by plan, and how the plan is run. */
import { Type } from 'typebox'
import { ID, KEY, NUMBER_TO_32, NumberTo32, seconds, strict, table } from './fields.ts'

/** Above zero: somebody who counts for nothing would never be served but by the longest wait. */
const Weight = (description: string) => Type.Number({ exclusiveMinimum: 0, maximum: 1_000, description })

/** Read by the edge alone: the controller knows nothing of strategies that choose stages. */
const AdaptiveRow = strict(
  {
    allowed: Type.Optional(Type.Boolean({ description: 'false: the plan runs, and nothing else; true if left out' })),
    order: Type.Optional(
      Type.Enum(['free', 'fixed'], {
        description: 'fixed: only the next stage in the order of the rings that somebody wants; free if left out',
      }),
    ),
    cycle_least_s: Type.Optional(seconds(1, 'from a green of a phase to its next, at least; no bound if left out')),
    cycle_most_s: Type.Optional(seconds(1, 'the same at most, while it is called; no bound if left out')),
    splits: Type.Optional(
      table(
        NUMBER_TO_32,
        strict({
          least_s: Type.Optional(seconds(1, 'at least; the minimum green if left out')),
          most_s: Type.Optional(seconds(1, 'at most, while others wait; the maximum green if left out')),
        }),
        'green, yellow and red clearance together',
      ),
    ),
    weights: Type.Optional(table(NUMBER_TO_32, Weight('1 if left out'), 'what a vehicle of a phase counts for')),
    pedestrian_weight: Type.Optional(Weight('what someone on foot counts for; 1.2 if left out')),
    transit_weight: Type.Optional(Weight('what a bus that asks for its green counts for; 20 if left out')),
  },
  'bounds on strategies that choose stages, such as adaptive control, while this plan is the plan of the hour',
)
export type AdaptiveRow = Type.Static<typeof AdaptiveRow>

const PlanRow = strict({
  cycle_s: seconds(20, 'the same along a corridor, or half'),
  offset_s: seconds(0, 'local zero after the master zero; less than the cycle'),
  splits_s: table(NUMBER_TO_32, seconds(0, 'green, yellow and red clearance together; none for an omitted phase')),
  coordinated: Type.Optional(Type.Array(NumberTo32, { description: 'at most one a ring; 2 and 6 if left out' })),
  sequence: Type.Optional(Type.Integer({ minimum: 1, maximum: 16, description: '1 if left out' })),
  split_modes: Type.Optional(
    table(
      NUMBER_TO_32,
      Type.Enum(['minimum', 'maximum', 'pedestrian', 'maximum_and_pedestrian', 'omitted']),
      'phases that are recalled, or omitted, while this plan runs',
    ),
  ),
  offset_reference: Type.Optional(
    Type.Enum(['barrier', 'start_of_green', 'start_of_yellow'], {
      description:
        'what begins at local zero: the barrier group of the coordinated phases, or their first green, or yellow; barrier if left out',
    }),
  ),
  force_off: Type.Optional(
    Type.Enum(['fixed', 'floating'], {
      description:
        'time that is left over: fixed gives it to the next phase, floating to the coordinated; fixed if left out',
    }),
  ),
  permissive_s: Type.Optional(
    table(NUMBER_TO_32, seconds(0, 'the latest begin after the yield point'), 'automatic for phases that are left out'),
  ),
  coordinated_actuated_s: Type.Optional(
    seconds(0, 'the last part of the coordinated green, in which it may gap out; 0 if left out'),
  ),
  ped_overrun: Type.Optional(
    Type.Enum(['serve', 'fit'], {
      description:
        'people who need more than the split: serve them and come back into step, or only with a green that holds them; serve if left out',
    }),
  ),
  transition: Type.Optional(
    Type.Enum(['shortest', 'add', 'subtract', 'dwell'], {
      description: 'the way back into step; shortest if left out',
    }),
  ),
  transition_cycles: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 10, description: 'the most cycles that it may take; 5 if left out' }),
  ),
  maximum: Type.Optional(
    Type.Enum(['inhibit', 'max1', 'max2'], {
      description: 'the maximum green beside the force-offs; inhibit if left out',
    }),
  ),
  adaptive: Type.Optional(AdaptiveRow),
})

export const PlansFile = table(KEY, table(ID, PlanRow))
export type PlansFile = Type.Static<typeof PlansFile>
export type PlanRow = PlansFile[string][string]
