/** Shape of `demand.yaml`: the traffic that the simulator puts on the streets. A site without a simulator has none. */
import { Type } from 'typebox'
import { ID, KEY, LEG, strict, table } from './fields.ts'

/** About what four lanes carry: more on one approach is a slip of the pen. */
const VEHICLES_PER_HOUR_MAX = 8_000

const share = Type.Number({ minimum: 0, maximum: 1 })

const DemandRow = strict({
  vehicles_per_hour: Type.Optional(
    table(KEY, Type.Number({ minimum: 0, maximum: VEHICLES_PER_HOUR_MAX }), 'entering here, by plan'),
  ),
  turns: strict({ left: share, through: share, right: share }, 'shares; their sum is 1'),
  pedestrians_per_hour: Type.Number({ minimum: 0, maximum: 10_000, description: 'in the busiest hour' }),
})

export const DemandFile = table(ID, table(LEG, DemandRow))
export type DemandFile = Type.Static<typeof DemandFile>
export type DemandRow = DemandFile[string][string]
