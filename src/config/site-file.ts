/** Shape of `site.yaml`: the city, its standards, the numbers of its plans, and which edge serves which intersection. */
import { Type } from 'typebox'
import { Bilingual, Id, KEY, seconds, strict, table } from './fields.ts'

const Shortfall = Type.Optional(Type.Enum(['refuse', 'warn']))

const Standards = strict(
  {
    walking_speed_mps: Type.Number({ minimum: 0.5, maximum: 2, description: 'of the pedestrians to design for' }),
    reaction_s: seconds(0.5, 'perception and reaction time of the kinematic yellow'),
    deceleration_mps2: Type.Number({ minimum: 1.5, maximum: 5, description: 'comfortable braking' }),
    vehicle_length_m: Type.Number({ minimum: 3, maximum: 20, description: 'of the vehicle to clear' }),
    turning_speed_kph: Type.Number({ minimum: 10, maximum: 50, description: 'through the curve of a left turn' }),
    yellow_min_s: seconds(3, 'floor of every yellow; NEMA TS 2 allows none below 3 s'),
    shortfalls: Type.Optional(
      strict(
        { yellow: Shortfall, red_clearance: Shortfall, ped_clearance: Shortfall },
        'what becomes of timing that falls short of these; refused, if left out',
      ),
    ),
  },
  'what the timing of every intersection is checked against',
)

const Edge = strict({ id: Id, intersections: Type.Array(Id, { minItems: 1 }) })

/** The names of the rungs in `src/control/strategy.ts`, as files write them. */
export const LADDER_RUNGS = ['adaptive', 'max_pressure', 'actuated', 'coordinated', 'fixed'] as const
export type LadderRung = (typeof LADDER_RUNGS)[number]

const Ladder = Type.Array(Type.Enum([...LADDER_RUNGS]), {
  minItems: 1,
  uniqueItems: true,
  description:
    'ways of control, best first: each intersection stands on the first that can be done there; coordinated, actuated if left out',
})

/** Detectors are watched for minutes and hours, not for the seconds of a cycle. */
const long = (minimum: number, description: string) => Type.Number({ minimum, maximum: 86_400, description })

const DetectorWatch = strict(
  {
    stuck_on_s: Type.Optional(long(60, 'a loop that is covered for so long is stuck; 1200 if left out')),
    stuck_on_zone_s: Type.Optional(long(60, 'the same of a camera zone; 3600 if left out')),
    chatter_per_lane_minute: Type.Optional(
      Type.Integer({ minimum: 40, maximum: 600, description: 'more actuations are no vehicles; 70 if left out' }),
    ),
    missed_vehicles: Type.Optional(
      Type.Integer({
        minimum: 10,
        maximum: 1_000,
        description: 'so many should have come, and none did: the loop is dead; 25 if left out',
      }),
    ),
    quiet_s: Type.Optional(
      long(
        600,
        'silent for so long is dead where nobody knows what usually comes, and thousands drive elsewhere; 3600 if left out',
      ),
    ),
  },
  'when the edge stops believing a detector that neither its card nor its controller watches',
)

export const SiteFile = strict({
  id: Id,
  name: Bilingual,
  time_zone: Type.String({ description: 'IANA name, such as Asia/Tehran' }),
  standards: Standards,
  patterns: table(
    KEY,
    Type.Integer({ minimum: 1, maximum: 253 }),
    'number of each plan in every controller; 254 is free, 255 flash',
  ),
  ladder: Type.Optional(Ladder),
  detector_watch: Type.Optional(DetectorWatch),
  edges: Type.Array(Edge, { minItems: 1 }),
})
export type SiteFile = Type.Static<typeof SiteFile>
export type Standards = SiteFile['standards']
