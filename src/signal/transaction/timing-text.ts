/** The canonical text of a timing, as it crosses the wire and is kept through a power cut: one timing, one text. */
import { canonicalJson } from '#base/canonical-json.ts'
import type { DetectorId, IntersectionId, PatternId, PhaseId } from '#base/id.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { Bilingual } from '#base/text.ts'
import type { DetectorDiagnostics, DetectorOptions } from '../detector.ts'
import type { PhaseTiming } from '../phase.ts'
import type { Preempt, PriorityStrategy } from '../preempt.ts'
import {
  CALENDARS,
  type CalendarDay,
  type DateRule,
  type DayPlan,
  type DayPlanEntry,
  type Schedule,
} from '../schedule.ts'
import type { PlanOptions, TimingPlan } from '../timing-plan.ts'
import type { UnitParameters } from '../unit.ts'
import {
  flag,
  listOf,
  mapOf,
  nullOr,
  numberOf,
  oneOf,
  record,
  text,
  whole,
  type Shape,
  type ShapeFault,
} from './shape.ts'
import type { DetectorSettings, PhaseSettings, Timing } from './timing.ts'

/** JSON in ASCII with the keys of every object ascending, and every map as its pairs, by ascending key. */
export const encodeTiming = (timing: Timing): string => canonicalJson(timing)

/** The timing that a text says, or where it says something else. */
export function decodeTiming(said: string): Outcome<Timing, readonly ShapeFault[]> {
  const faults: ShapeFault[] = []
  const timing = TIMING(parse(said, faults), '', faults)
  return faults.length > 0 ? failed(faults) : ok(timing)
}

function parse(said: string, faults: ShapeFault[]): unknown {
  try {
    return JSON.parse(said)
  } catch (error) {
    faults.push({ path: '', expected: `JSON (${String(error)})` })
    return null
  }
}

const phase = numberOf<PhaseId>()
const pattern = numberOf<PatternId>()
const phases = listOf(phase)
const name = record<Bilingual>({ fa: text, en: text })

const PHASE_TIMING = record<PhaseTiming>({
  minGreenMs: whole,
  addedInitialMs: whole,
  maxInitialMs: whole,
  passageMs: whole,
  timeBeforeReductionMs: whole,
  timeToReduceMs: whole,
  minGapMs: whole,
  max1Ms: whole,
  max2Ms: whole,
  dynamicMaxLimitMs: whole,
  dynamicMaxStepMs: whole,
  yellowMs: whole,
  redClearMs: whole,
  redRevertMs: whole,
  redAmberMs: whole,
  walkMs: whole,
  pedClearMs: whole,
  leadingPedMs: whole,
})

const PHASE = record<PhaseSettings>({
  phase,
  timing: PHASE_TIMING,
  recall: oneOf(['none', 'minimum', 'maximum', 'soft']),
  pedestrianRecall: flag,
  lockingCall: flag,
  dualEntry: flag,
  simultaneousGapOut: flag,
  conditionalService: flag,
  rest: oneOf(['green', 'red']),
  walkRest: flag,
  pedClearInYellow: flag,
})

const DETECTOR = record<DetectorSettings>({
  detector: numberOf<DetectorId>(),
  options: record<DetectorOptions>({
    calls: flag,
    extends: flag,
    countsInitial: flag,
    delayMs: whole,
    extensionMs: whole,
    queueLimitMs: whole,
    switchPhase: nullOr(phase),
  }),
  diagnostics: record<DetectorDiagnostics>({
    noActivityMs: whole,
    maxPresenceMs: whole,
    erraticCountsPerMinute: whole,
    failTimeMs: whole,
  }),
})

const UNIT = record<UnitParameters>({
  startupFlashMs: whole,
  startAllRedMs: whole,
  startPhases: phases,
  flashEntryPhases: phases,
  flashExitPhases: phases,
  flashYellowPhases: phases,
  minFlashMs: whole,
})

const PLAN = record<TimingPlan>({
  pattern,
  key: text,
  cycleMs: whole,
  offsetMs: whole,
  splitsMs: mapOf(phase, whole),
  splitModes: mapOf(
    phase,
    oneOf(['none', 'minimumRecall', 'maximumRecall', 'pedestrianRecall', 'maximumAndPedestrianRecall', 'omitted']),
  ),
  coordinatedPhases: phases,
  sequence: whole,
  options: record<PlanOptions>({
    offsetReference: oneOf(['barrier', 'startOfGreen', 'startOfYellow']),
    forceOff: oneOf(['fixed', 'floating']),
    permissiveMs: mapOf(phase, whole),
    coordinatedActuatedMs: whole,
    pedestrianOverrun: oneOf(['serve', 'fit']),
    transition: record<PlanOptions['transition']>({
      way: oneOf(['shortest', 'add', 'subtract', 'dwell']),
      cyclesMost: whole,
    }),
    maximum: oneOf(['inhibit', 'max1', 'max2']),
  }),
})

const calendarDay = record<CalendarDay>({ year: nullOr(whole), month: whole, day: whole })

const SCHEDULE = record<Schedule>({
  timeZone: text,
  dayPlans: listOf(
    record<DayPlan>({
      number: whole,
      key: text,
      entries: listOf(record<DayPlanEntry>({ startMinuteOfDay: whole, pattern, maximum: oneOf<1 | 2>([1, 2]) })),
    }),
  ),
  week: listOf(whole),
  dates: listOf(
    record<DateRule>({
      key: text,
      calendar: oneOf(CALENDARS),
      from: calendarDay,
      to: calendarDay,
      weekDays: listOf(whole),
      dayPlan: whole,
    }),
  ),
})

const PREEMPT = record<Preempt>({
  number: whole,
  name,
  priority: whole,
  locking: flag,
  delayMs: whole,
  minimumDurationMs: whole,
  maximumPresenceMs: whole,
  lockoutMs: whole,
  entry: record<Preempt['entry']>({ minGreenMs: whole, minWalkMs: whole }),
  track: nullOr(record<NonNullable<Preempt['track']>>({ phases, greenMs: whole })),
  dwell: record<Preempt['dwell']>({ phases, minGreenMs: whole, walks: flag }),
  exitPhases: phases,
  exitPattern: nullOr(pattern),
  link: nullOr(whole),
})

const PRIORITY = record<PriorityStrategy>({
  number: whole,
  name,
  phases,
  maxExtensionMs: whole,
  maxReductionMs: whole,
  reserviceCycles: whole,
  leastLatenessS: whole,
  maximumPresenceMs: whole,
})

const TIMING: Shape<Timing> = record<Timing>({
  intersection: (value, path, faults) => text(value, path, faults) as IntersectionId,
  phases: listOf(PHASE),
  detectors: listOf(DETECTOR),
  unit: UNIT,
  plans: listOf(PLAN),
  schedule: SCHEDULE,
  preempts: listOf(PREEMPT),
  priorities: listOf(PRIORITY),
})
