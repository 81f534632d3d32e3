/** Shape of a file under `scenarios`: what the outside world does to the streets while the simulator runs. */
import { Type } from 'typebox'
import { CALENDARS } from '#signal/schedule.ts'
import { FaultRows } from './fault-rows.ts'
import { Bilingual, DAY, ENDS, Id, KEY, MOMENT, START_OR_MOMENT, STREET, strict, table, TIME_OF_DAY } from './fields.ts'

/** Four days of Nowruz, a week of works; longer runs are several scenarios. */
const HOURS_MAX = 24 * 14
/** Ten times the counts is a slip of the pen; a city gridlocks long before. */
const FACTOR_MAX = 10
const VEHICLES_PER_HOUR_MAX = 8_000

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })

const moment = (description: string) => Type.String({ pattern: MOMENT, description })

const byTime = (maximum: number, description: string) =>
  table(
    TIME_OF_DAY,
    Type.Number({ minimum: 0, maximum }),
    `${description}; straight lines lead from one time to the next`,
  )

const street = (description: string) => Type.String({ pattern: STREET, description })

const Start = strict(
  {
    date: Type.String({ pattern: DAY, description: 'year-month-day' }),
    calendar: Type.Optional(Type.Enum([...CALENDARS], { description: 'of the date; gregory, if left out' })),
    time: Type.String({ pattern: TIME_OF_DAY }),
  },
  'in the time of the city; the week day follows from it',
)

const Kinds = strict(
  {
    lorry: Type.Optional(share('of all vehicles')),
    bus: Type.Optional(share('of all vehicles, beside those of the lines')),
  },
  'shares; the rest are cars',
)

const Flow = strict({
  from: Type.String({ pattern: ENDS, description: 'an approach at the edge of the network, or everywhere' }),
  to: Type.String({ pattern: ENDS, description: 'the leg by which they leave, or everywhere' }),
  kind: Type.Optional(Type.Enum(['car', 'lorry', 'bus', 'emergency'], { description: 'the usual mix, if left out' })),
  vehicles_per_hour: Type.Optional(byTime(VEHICLES_PER_HOUR_MAX, 'at times of the day')),
  at: Type.Optional(Type.Array(moment('one vehicle'), { minItems: 1, description: 'or one vehicle at each of these' })),
})

const Vehicles = strict(
  {
    hours: Type.Optional(
      table(
        TIME_OF_DAY,
        Type.String({ pattern: KEY }),
        'which column of demand.yaml holds from this time on; by the schedule of the city, if left out',
      ),
    ),
    factors: Type.Optional(byTime(FACTOR_MAX, 'times the counts of demand.yaml')),
    kinds: Type.Optional(Kinds),
    flows: Type.Optional(
      table(KEY, Flow, 'who comes beside the counts, from one place to another by the shortest ways'),
    ),
  },
  'beside what demand.yaml has; cars and 3 % lorries, if left out',
)

const Pedestrians = strict({
  factors: Type.Optional(
    byTime(FACTOR_MAX, 'times those of demand.yaml; as busy as the streets are with vehicles, if left out'),
  ),
})

const BusLine = strict({
  from: street('the approach where it comes into the network'),
  to: street('the leg by which it leaves'),
  first: Type.String({ pattern: TIME_OF_DAY, description: 'bus of the day' }),
  last: Type.String({ pattern: TIME_OF_DAY, description: 'bus of the day, at the latest' }),
  headway_min: Type.Integer({ minimum: 1, maximum: 240 }),
  stops: Type.Optional(
    Type.Array(
      strict({
        street: street('the approach on whose street it stops; the line goes by it'),
        before_stop_line_m: Type.Number({ minimum: 0, maximum: 2_000, description: 'where its front stands' }),
        dwell_s: Type.Number({
          minimum: 1,
          maximum: 300,
          description: 'on the average; by chance half to one and a half',
        }),
      }),
      { description: 'in their order' },
    ),
  ),
})

const Closure = strict({
  street: street('closed from the intersection upstream to its stop line'),
  from: moment('from then on nobody sets out by it'),
  until: moment('the first such time after it begins'),
})

const Incident = strict({
  intersection: Id,
  lane: Type.String({ description: 'approach and number from the kerb: N2' }),
  before_stop_line_m: Type.Number({ minimum: 0, maximum: 2_000, description: 'to its downstream end' }),
  length_m: Type.Number({ minimum: 1, maximum: 200 }),
  from: moment('the lane is blocked'),
  until: moment('the first such time after it begins'),
})

const factor = (description: string) => Type.Optional(Type.Number({ minimum: 0.1, maximum: 3, description }))

const OwnWeather = strict(
  {
    speed: factor('of desired speeds'),
    headway: factor('of the headway that drivers keep; above 1 is more'),
    grip: factor('of how hard they accelerate and brake'),
  },
  'factors on a dry day; 1, if left out',
)

export const ScenarioFile = strict({
  name: Bilingual,
  start: Start,
  duration_h: Type.Number({ exclusiveMinimum: 0, maximum: HOURS_MAX }),
  seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffff_ffff, description: 'unless another is asked for' })),
  vehicles: Type.Optional(Vehicles),
  pedestrians: Type.Optional(Pedestrians),
  weather: Type.Optional(
    table(START_OR_MOMENT, Type.String(), 'dry, rain, heavy_rain, snow, fog or one of own_weather, from then on'),
  ),
  own_weather: Type.Optional(table(KEY, OwnWeather)),
  buses: Type.Optional(table(KEY, BusLine, 'lines')),
  closures: Type.Optional(table(KEY, Closure, 'streets that are closed; traffic goes round')),
  incidents: Type.Optional(table(KEY, Incident, 'stretches of lanes that nobody may use')),
  faults: Type.Optional(FaultRows),
  box_blocked_at: Type.Optional(
    Type.Array(Id, {
      uniqueItems: true,
      description: 'intersections, or everywhere, that drivers enter though they cannot leave them; none, if left out',
    }),
  ),
})
export type ScenarioFile = Type.Static<typeof ScenarioFile>
export type FlowRow = NonNullable<NonNullable<ScenarioFile['vehicles']>['flows']>[string]
export type BusLineRow = NonNullable<ScenarioFile['buses']>[string]
export type IncidentRow = NonNullable<ScenarioFile['incidents']>[string]
