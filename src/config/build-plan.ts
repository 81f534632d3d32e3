/** Makes a timing plan from its row in `plans.yaml`: what is left out is what controllers do of themselves. */
import { patternId, phaseId, type PhaseId } from '#base/id.ts'
import { PLAIN_PLAN, type PlanOptions, type SplitMode, type TimingPlan } from '#signal/timing-plan.ts'
import { numberedRows, toMs } from './fields.ts'
import type { PlanRow } from './plans-file.ts'

/** Coordinated where a plan does not say, as NEMA numbering has it: the through movements of the main street. */
const COORDINATED_BY_CUSTOM = [2, 6]

export function buildPlan(key: string, number: number, row: PlanRow): TimingPlan {
  const splits = numberedRows(row.splits_s)
  const modes = numberedRows(row.split_modes ?? {})
  const byCustom = COORDINATED_BY_CUSTOM.filter((custom) => splits.some(([phase]) => phase === custom))
  return {
    pattern: patternId(number),
    key,
    cycleMs: toMs(row.cycle_s),
    offsetMs: toMs(row.offset_s),
    splitsMs: new Map<PhaseId, number>([
      ...modes.filter(([, mode]) => mode === 'omitted').map(([phase]) => [phaseId(phase), 0] as const),
      ...splits.map(([phase, s]) => [phaseId(phase), toMs(s)] as const),
    ]),
    splitModes: new Map(modes.map(([phase, mode]) => [phaseId(phase), SPLIT_MODES[mode]])),
    coordinatedPhases: (row.coordinated ?? byCustom).map(phaseId),
    sequence: row.sequence ?? 1,
    options: buildOptions(row),
  }
}

const SPLIT_MODES = {
  minimum: 'minimumRecall',
  maximum: 'maximumRecall',
  pedestrian: 'pedestrianRecall',
  maximum_and_pedestrian: 'maximumAndPedestrianRecall',
  omitted: 'omitted',
} as const satisfies Record<string, SplitMode>

const REFERENCES = { barrier: 'barrier', start_of_green: 'startOfGreen', start_of_yellow: 'startOfYellow' } as const

function buildOptions(row: PlanRow): PlanOptions {
  const { transition } = PLAIN_PLAN
  return {
    offsetReference: REFERENCES[row.offset_reference ?? 'barrier'],
    forceOff: row.force_off ?? PLAIN_PLAN.forceOff,
    permissiveMs: new Map(numberedRows(row.permissive_s ?? {}).map(([phase, s]) => [phaseId(phase), toMs(s)])),
    coordinatedActuatedMs: toMs(row.coordinated_actuated_s ?? 0),
    pedestrianOverrun: row.ped_overrun ?? PLAIN_PLAN.pedestrianOverrun,
    transition: {
      way: row.transition ?? transition.way,
      cyclesMost: row.transition_cycles ?? transition.cyclesMost,
    },
    maximum: row.maximum ?? PLAIN_PLAN.maximum,
  }
}
