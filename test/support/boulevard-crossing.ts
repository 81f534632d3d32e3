/** A four-phase crossing of two rings for tests of the field side: loops at the controller, others on a card of their own. */
import { channelId, detectorId, intersectionId, patternId, phaseId, ringId, type DetectorId } from '#base/id.ts'
import { bad, good, stale, type Known } from '#base/known.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import { NO_NEIGHBOURS } from '#signal/outlook.ts'
import { NO_PHASE_CONTROL, NO_REQUESTS, type SupervisoryCommand } from '#signal/command.ts'
import type { CommandLimits, ControllerDatabase } from '#signal/database.ts'
import { NO_DIAGNOSTICS, PLAIN_DETECTION, type Detector, type DetectorKind } from '#signal/detector.ts'
import type { Intersection } from '#signal/intersection.ts'
import { PLAIN_SERVICE, PLAIN_TIMING, type Phase } from '#signal/phase.ts'
import type { SignalStatus, UnitStatus } from '#signal/status.ts'
import { PLAIN_PLAN, type TimingPlan } from '#signal/timing-plan.ts'
import { PLAIN_UNIT } from '#signal/unit.ts'
import type { DetectorReading, IntersectionView } from '#signal/view.ts'

/** Phases 2 and 6 are the boulevard (barrier 1), 4 and 8 the side street (barrier 2); 6 and 8 have no pedestrians. */
const phase = (id: number, ring: number, barrier: number, walkMs: number): Phase => ({
  id: phaseId(id),
  name: { fa: `فاز ${id}`, en: `Phase ${id}` },
  ring: ringId(ring),
  barrier,
  timing: {
    ...PLAIN_TIMING,
    minGreenMs: 7_000,
    passageMs: 3_000,
    max1Ms: 30_000,
    max2Ms: 45_000,
    yellowMs: 3_500,
    redClearMs: 1_500,
    walkMs,
    pedClearMs: walkMs > 0 ? 9_000 : 0,
  },
  recall: 'none',
  pedestrianRecall: false,
  lockingCall: false,
  dualEntry: true,
  ...PLAIN_SERVICE,
})

interface LoopPlace {
  readonly kind: DetectorKind
  readonly lane: string
  readonly phase: number
  readonly device: string
  readonly channel: number
}

const detector = (id: number, { kind, lane, phase: called, device, channel }: LoopPlace): Detector => ({
  id: detectorId(id),
  kind,
  lanes: [lane],
  setbackM: kind === 'advance' ? 50 : 1,
  lengthM: 2,
  phase: phaseId(called),
  device,
  deviceChannel: channel,
  options: PLAIN_DETECTION,
  diagnostics: NO_DIAGNOSTICS,
})

const approach = (id: string, bearingDeg: number, lanes: readonly string[], called: number) => ({
  id,
  name: { fa: id, en: id },
  bearingDeg,
  speedKph: 50,
  lengthM: 200,
  upstream: null,
  lanes: lanes.map((lane) => ({
    id: lane,
    turns: ['through'] as const,
    lengthM: 200,
    head: { kind: 'vehicle', phase: phaseId(called) } as const,
  })),
  crosswalk: null,
})

export const CROSSING: Intersection = {
  id: intersectionId('IX-T1'),
  name: { fa: 'تقاطع آزمون', en: 'Test crossing' },
  latitude: 34.8,
  longitude: 48.5,
  phases: [phase(2, 1, 1, 6_000), phase(4, 1, 2, 6_000), phase(6, 2, 1, 0), phase(8, 2, 2, 0)],
  sequences: [
    {
      number: 1,
      rings: [
        [phaseId(2), phaseId(4)],
        [phaseId(6), phaseId(8)],
      ],
    },
  ],
  extraConflicts: [],
  intergreens: [],
  overlaps: [],
  channels: [
    { id: channelId(1), source: { kind: 'vehicle', phase: phaseId(2) } },
    { id: channelId(2), source: { kind: 'vehicle', phase: phaseId(4) } },
    { id: channelId(3), source: { kind: 'vehicle', phase: phaseId(6) } },
    { id: channelId(4), source: { kind: 'vehicle', phase: phaseId(8) } },
    { id: channelId(5), source: { kind: 'pedestrian', phase: phaseId(2) } },
    { id: channelId(6), source: { kind: 'pedestrian', phase: phaseId(4) } },
  ],
  approaches: [
    approach('N', 0, ['N1', 'N2'], 2),
    approach('E', 90, ['E1'], 4),
    approach('S', 180, ['S1'], 6),
    approach('W', 270, ['W1'], 8),
  ],
  detectors: [
    detector(1, { kind: 'advance', lane: 'N1', phase: 2, device: 'controller', channel: 1 }),
    detector(2, { kind: 'stop-bar', lane: 'N1', phase: 2, device: 'controller', channel: 2 }),
    detector(3, { kind: 'stop-bar', lane: 'N2', phase: 2, device: 'controller', channel: 3 }),
    detector(4, { kind: 'stop-bar', lane: 'S1', phase: 6, device: 'controller', channel: 4 }),
    detector(11, { kind: 'advance', lane: 'E1', phase: 4, device: 'loops', channel: 1 }),
    detector(12, { kind: 'stop-bar', lane: 'E1', phase: 4, device: 'loops', channel: 2 }),
    detector(13, { kind: 'stop-bar', lane: 'W1', phase: 8, device: 'loops', channel: 3 }),
  ],
}

export const PLAN: TimingPlan = {
  pattern: patternId(3),
  key: 'midday',
  cycleMs: 80_000,
  offsetMs: 10_000,
  splitsMs: new Map([
    [phaseId(2), 45_000],
    [phaseId(4), 35_000],
    [phaseId(6), 45_000],
    [phaseId(8), 35_000],
  ]),
  coordinatedPhases: [phaseId(2), phaseId(6)],
  splitModes: new Map(),
  sequence: 1,
  options: PLAIN_PLAN,
}

/** One plan all day long. */
export const DATABASE: ControllerDatabase = {
  intersection: CROSSING,
  plans: [PLAN],
  schedule: {
    timeZone: 'Asia/Tehran',
    dayPlans: [
      { number: 1, key: 'every_day', entries: [{ startMinuteOfDay: 0, pattern: PLAN.pattern, maximum: 1 as const }] },
    ],
    week: [1, 1, 1, 1, 1, 1, 1],
    dates: [],
  },
  unit: PLAIN_UNIT,
  preempts: [],
  priorities: [],
}

export const LIMITS: CommandLimits = {
  phases: 0b1010_1010,
  omittable: 0b1000_1000,
  preempts: 0b10,
  priorities: 0b100,
  patterns: [PLAN.pattern],
  minGreenMs: [0, 0, 7_000, 0, 7_000, 0, 7_000, 0, 7_000],
  configurationHash: 0xc0ffee01,
}

/** Phases 2 and 6 green for 20 s, nobody waiting. */
export const BOULEVARD_GREEN: SignalStatus = {
  reds: 0b1000_1000,
  yellows: 0,
  greens: 0b0010_0010,
  redAmbers: 0,
  walks: 0,
  pedClears: 0,
  dontWalks: 0b1010_1010,
  vehicleCalls: 0,
  pedestrianCalls: 0,
  phaseOns: 0b0010_0010,
  phaseNexts: 0,
  overlapReds: 0,
  overlapYellows: 0,
  overlapGreens: 0,
  overlapFlashes: 0,
  channelReds: 0,
  channelYellows: 0,
  channelGreens: 0,
  rings: [
    { phase: 2, interval: 'green', elapsedMs: 20_000, termination: 'none' },
    { phase: 6, interval: 'green', elapsedMs: 20_000, termination: 'none' },
  ],
  coordination: { pattern: 3, cycleMs: 80_000, localCycleMs: 20_000, offsetMs: 10_000, transition: 'inStep' },
  preempt: { number: 0, state: 'none', calls: 0, priorityCalls: 0, priorityActive: 0 },
  flash: 'none',
}

/** 2026-11-23 12:00 in Tehran. */
export const NOON_EPOCH_MS = Date.UTC(2026, 10, 23, 8, 30)

export const LOCAL_UNIT: UnitStatus = {
  controlStatus: 'local',
  flashCause: 'none',
  clockEpochMs: NOON_EPOCH_MS,
  uptimeMs: 3_600_000,
  alarmBits: 0,
  mainsPower: true,
  doorOpen: false,
  leaseEpoch: 41,
  leaseSequence: 0,
  leaseRemainingMs: 0,
  refusedCommandCode: 0,
  localCyclesSinceLease: 1,
}

export type DetectorPicture = Known<DetectorReading>

export const occupied = (actuationCount = 0): DetectorPicture => good({ occupied: true, actuationCount }, 0)
export const empty = (actuationCount = 0): DetectorPicture => good({ occupied: false, actuationCount }, 0)
export const silent: DetectorPicture = stale({ occupied: true, actuationCount: 0 }, 5_000)
export const broken: DetectorPicture = bad('open loop')

export interface ViewChanges extends Partial<
  Pick<
    IntersectionView,
    | 'intersection'
    | 'plans'
    | 'schedule'
    | 'specialPattern'
    | 'priorities'
    | 'omittable'
    | 'adaptiveLimits'
    | 'neighbours'
  >
> {
  readonly signal?: Partial<SignalStatus> | Known<SignalStatus>
  readonly unit?: Partial<UnitStatus> | Known<UnitStatus>
  /** By detector number; the others are good and empty. */
  readonly detectors?: Readonly<Record<number, DetectorPicture>>
  readonly cardButtons?: Known<number>
  readonly nowMonoMs?: number
  readonly nowEpochMs?: number
}

/** A fresh view of the crossing with the boulevard green, changed as asked. */
export function viewOf(changes: ViewChanges = {}): IntersectionView {
  const detectors = new Map<DetectorId, DetectorPicture>()
  for (const { id } of CROSSING.detectors) detectors.set(id, changes.detectors?.[id] ?? empty())
  return {
    intersection: changes.intersection ?? CROSSING,
    plans: changes.plans ?? DATABASE.plans,
    schedule: changes.schedule ?? DATABASE.schedule,
    specialPattern: changes.specialPattern ?? null,
    priorities: changes.priorities ?? DATABASE.priorities,
    nowMonoMs: changes.nowMonoMs ?? 0,
    nowEpochMs: changes.nowEpochMs ?? NOON_EPOCH_MS,
    signal: known(BOULEVARD_GREEN, changes.signal),
    unit: known(LOCAL_UNIT, changes.unit),
    detectors,
    cardButtons: changes.cardButtons ?? good(0, 0),
    omittable: changes.omittable ?? LIMITS.omittable,
    adaptiveLimits: changes.adaptiveLimits ?? NO_LIMITS,
    neighbours: changes.neighbours ?? NO_NEIGHBOURS,
  }
}

function known<T extends object>(usual: T, change: Partial<T> | Known<T> | undefined): Known<T> {
  if (change && 'quality' in change) return change
  return good({ ...usual, ...change }, 0)
}

/** Nothing asked but the plan of the day. */
export const commandOf = (changes: Partial<SupervisoryCommand> = {}): SupervisoryCommand => ({
  ...NO_PHASE_CONTROL,
  ...NO_REQUESTS,
  pattern: PLAN.pattern,
  ...changes,
})
