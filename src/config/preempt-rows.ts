/** Shape of the rows of `network.yaml` that say who breaks into the sequence, and which transit has priority. */
import { Type } from 'typebox'
import { Bilingual, NumberTo32, seconds, strict } from './fields.ts'

const Phases = Type.Array(NumberTo32, { uniqueItems: true })

/** Longer than green times: an input may last for minutes, and a closed level crossing for an hour. */
const longSeconds = (maximum: number, description: string) => Type.Number({ minimum: 0, maximum, description })

const MAY_CALL = Type.Optional(
  Type.Boolean({ description: 'supervision may call it too, under its lease; else inputs only' }),
)

export const PreemptRow = strict({
  name: Bilingual,
  priority: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 16, description: '1 = highest; its number, if left out' }),
  ),
  locking: Type.Optional(
    Type.Boolean({ description: 'a call is served even when it has gone again before the entry' }),
  ),
  delay_s: Type.Optional(longSeconds(3_600, 'from the call to the entry')),
  min_duration_s: Type.Optional(longSeconds(3_600, 'served at least so long, from the entry on')),
  max_presence_s: Type.Optional(
    longSeconds(65_535, 'an input that is on for longer is taken for broken until it drops; 0 = never'),
  ),
  lockout_s: Type.Optional(longSeconds(3_600, 'after its service, before it is served again')),
  entry: strict(
    {
      min_green_s: seconds(1, 'what a green that is cut off keeps at least, or its own minimum'),
      min_walk_s: seconds(0, 'likewise a walk; its clearance is never cut'),
    },
    'on the way in',
  ),
  track: Type.Optional(
    strict(
      { phases: Phases, green_s: seconds(1, 'from the moment that all of them are green') },
      'clears the way first',
    ),
  ),
  dwell: strict(
    {
      phases: Phases,
      min_green_s: seconds(1, 'at least so long'),
      walks: Type.Optional(Type.Boolean({ description: 'people who push walk with these phases' })),
    },
    'green while the call lasts; no phases = all red',
  ),
  exit_phases: Type.Optional(Type.Array(NumberTo32, { uniqueItems: true, description: 'served first afterwards' })),
  exit_plan: Type.Optional(
    Type.String({ description: 'in effect for the first cycle afterwards: a plan of site.yaml, or free' }),
  ),
  link: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 16,
      description: 'called when the dwell has lasted its minimum; of higher priority',
    }),
  ),
  supervision_may_call: MAY_CALL,
})
export type PreemptRow = Type.Static<typeof PreemptRow>

export const PriorityRow = strict({
  name: Bilingual,
  phases: Type.Array(NumberTo32, { uniqueItems: true, description: 'green for the vehicle that asks' }),
  max_extension_s: Type.Optional(seconds(0, 'how much longer their green may last')),
  max_reduction_s: Type.Optional(seconds(0, 'how much earlier it may come, in a cycle')),
  reservice_cycles: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 255, description: 'cycles (free: minutes) between two services' }),
  ),
  least_lateness_s: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 3_600, description: 'only for a vehicle that is so late; 0 = for all' }),
  ),
  max_presence_s: Type.Optional(longSeconds(600, 'after so long its check-out is taken to be lost; 120 if left out')),
  supervision_may_call: MAY_CALL,
})
export type PriorityRow = Type.Static<typeof PriorityRow>
