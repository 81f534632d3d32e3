/** Makes of each light of a network what a controller needs to run it, with nothing prepared. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { Light, Network, Program } from '../network/network.ts'
import { conflictsOf, groupsOf, type Conflict, type SignalGroup } from './groups.ts'
import { layOutIntersection, type Detection, type DetectorPlaces } from './intersection.ts'
import type { LightFault } from './light-fault.ts'
import { movementsOf, type Movement } from './movements.ts'
import { stagesOf, type Stage } from './stages.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import type { Approach } from '#signal/intersection.ts'
import { PLAIN_UNIT } from '#signal/unit.ts'
import type { Neighbour } from './neighbours.ts'
import { planNotes, programPlan, stagePhaseId } from './stage-phases.ts'
import type { Zone } from './zones.ts'

export interface DerivedLight {
  readonly id: string
  readonly movements: readonly Movement[]
  /** Stage `n` is phase `n + 1`. */
  readonly stages: readonly Stage[]
  /** Group `n` is overlap and channel `n + 1`. */
  readonly groups: readonly SignalGroup[]
  readonly conflicts: readonly Conflict[]
  readonly detectors: readonly DetectorPlaces[]
  /** Of its cameras; none where it has loops only. */
  readonly zones: readonly Zone[]
  readonly database: ControllerDatabase
  /** Where its plan is not what the network's own program does, in words. */
  readonly notes: readonly string[]
  /** The lights at which its departures arrive; those from which it gets its arrivals stand at the approaches. */
  readonly downstream: readonly Neighbour[]
}

type AloneLight = Omit<DerivedLight, 'downstream'>

export interface DerivedNetwork {
  readonly lights: readonly DerivedLight[]
  /** Those that are left to their own program, each with the reason. */
  readonly left: readonly LightFault[]
}

/** NTCIP 1202: bit fields of phases, overlaps and channels have 32 bits. */
const NUMBERED_MOST = 32

export function deriveLights(network: Network, detection: Detection = 'loops'): DerivedNetwork {
  const movements = movementsOf(network)
  const outcomes = [...network.lights.values()].map((light) =>
    deriveLight({ network, light, movements: movements.get(light.id) ?? [], detection }),
  )
  const lights = withDerivedFeeders(outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : [])))
  return {
    lights: lights.map((light) => ({ ...light, downstream: downstreamOf(light, lights) })),
    left: outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.fault])),
  }
}

/** Lights that are left to their own program, and lanes that none of their stages serves, tell nobody who leaves them. */
function withDerivedFeeders(lights: readonly AloneLight[]): AloneLight[] {
  const approaches = new Set(
    lights.flatMap(({ id, database }) => database.intersection.approaches.map((approach) => `${id} ${approach.id}`)),
  )
  const withOwn = (approach: Approach): Approach => {
    const { upstream } = approach
    const feeders = upstream?.feeders?.filter((feeder) => approaches.has(`${feeder.intersection} ${feeder.approach}`))
    return upstream && feeders ? { ...approach, upstream: { ...upstream, feeders } } : approach
  }
  return lights.map((light) => {
    const { intersection } = light.database
    const own = { ...intersection, approaches: intersection.approaches.map(withOwn) }
    return { ...light, database: { ...light.database, intersection: own } }
  })
}

const downstreamOf = ({ id }: AloneLight, lights: readonly AloneLight[]): Neighbour[] =>
  lights.flatMap(({ id: light, database }) =>
    database.intersection.approaches.flatMap(({ upstream }) =>
      upstream?.intersection === id ? [{ light, distanceM: upstream.distanceM }] : [],
    ),
  )

interface Underived {
  readonly network: Network
  readonly light: Light
  readonly movements: readonly Movement[]
  readonly detection: Detection
}

function deriveLight({ network, light: found, movements, detection }: Underived): Outcome<AloneLight, LightFault> {
  const { id: light, programs } = found
  if (programs.at(-1)?.type === 'rail') return failed({ code: 'LIGHT_OF_RAILS', light })
  if (movements.length === 0) return failed({ code: 'LIGHT_WITHOUT_LINKS', light })
  const program = programs.at(-1)
  const onFoot = new Set(movements.flatMap((movement) => (movement.onFoot ? [movement.link] : [])))
  const { stages, leadMs } = program ? stagesOf(forUsed(program, movements), onFoot) : { stages: [], leadMs: 0 }
  if (stages.length < 2) return failed({ code: 'LIGHT_WITHOUT_STAGES', light, stages: stages.length })
  const groups = groupsOf(movements, stages)
  for (const [what, { length: count }] of Object.entries({ stages, groups }) as ['stages' | 'groups', unknown[]][])
    if (count > NUMBERED_MOST) return failed({ code: 'LIGHT_TOO_LARGE', light, what, count, most: NUMBERED_MOST })
  const facts = { network, light, movements, stages, groups, detection }
  const { intersection, detectors, zones } = layOutIntersection(facts)
  const startMs = Math.round((program?.offsetS ?? 0) * 1_000) + leadMs
  const plan = programPlan(intersection.phases, stages, startMs)
  const database: ControllerDatabase = {
    intersection,
    unit: { ...PLAIN_UNIT, startPhases: [stagePhaseId(0)] },
    plans: [plan],
    schedule: {
      timeZone: 'UTC',
      dayPlans: [{ number: 1, key: 'all_day', entries: [{ startMinuteOfDay: 0, pattern: plan.pattern, maximum: 1 }] }],
      week: [1, 1, 1, 1, 1, 1, 1],
      dates: [],
    },
    preempts: [],
    priorities: [],
  }
  return ok({
    id: light,
    movements,
    stages,
    groups,
    conflicts: conflictsOf(groups, movements, stages),
    detectors,
    zones,
    database,
    notes: planNotes(plan, stages),
  })
}

/** Joined lights have letters for links that are gone: a step that is green for nobody else is red. */
function forUsed(program: Program, movements: readonly Movement[]): Program {
  const used = new Set(movements.map(({ link }) => link))
  const lettersOf = (state: string) => [...state].map((letter, link) => (used.has(link) ? letter : 'r')).join('')
  return { ...program, steps: program.steps.map((step) => ({ ...step, state: lettersOf(step.state) })) }
}
