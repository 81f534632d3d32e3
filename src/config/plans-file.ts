/** Shape of `plans.yaml`: cycle, offset and splits of each intersection, plan by plan. */
import { Type } from 'typebox'
import { ID, KEY, NUMBER_TO_32, NumberTo32, seconds, strict, table } from './fields.ts'

const PlanRow = strict({
  cycle_s: seconds(20, 'the same along a corridor, or half'),
  offset_s: seconds(0, 'local zero after the master zero; less than the cycle'),
  splits_s: table(NUMBER_TO_32, seconds(1, 'green, yellow and red clearance together')),
  coordinated: Type.Optional(Type.Array(NumberTo32, { description: 'at most one a ring; 2 and 6 if left out' })),
  sequence: Type.Optional(Type.Integer({ minimum: 1, maximum: 16, description: '1 if left out' })),
})

export const PlansFile = table(KEY, table(ID, PlanRow))
export type PlansFile = Type.Static<typeof PlansFile>
export type PlanRow = PlansFile[string][string]
