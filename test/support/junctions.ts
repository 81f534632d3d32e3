/** Junctions for tests of the signal room: phases given by what matters, everything else by a plain default. */
import { channelId, detectorId, intersectionId, overlapId, patternId, phaseId, ringId } from '#base/id.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import {
  NO_DIAGNOSTICS,
  PLAIN_DETECTION,
  type Detector,
  type DetectorDiagnostics,
  type DetectorOptions,
} from '#signal/detector.ts'
import type { Channel, Intergreen, Overlap } from '#signal/heads.ts'
import type { Intersection } from '#signal/intersection.ts'
import { PLAIN_SERVICE, PLAIN_TIMING, type Phase, type PhaseTiming } from '#signal/phase.ts'
import type { Preempt, PriorityStrategy } from '#signal/preempt.ts'
import { PLAIN_PLAN, type PlanOptions, type SplitMode, type TimingPlan } from '#signal/timing-plan.ts'
import { PLAIN_UNIT } from '#signal/unit.ts'

export interface PhaseFacts extends Partial<Omit<Phase, 'id' | 'ring' | 'timing' | 'name'>> {
  readonly timing?: Partial<PhaseTiming>
}

export interface JunctionFacts {
  /** Ring-barrier diagram: one list a ring, in it one list a barrier group. */
  readonly rings: readonly (readonly (readonly number[])[])[]
  readonly phases?: Readonly<Record<number, PhaseFacts>>
  /** Further sequences from number 2 on, one list a ring. */
  readonly sequences?: readonly (readonly (readonly number[])[])[]
  /** Included phases by overlap number. */
  readonly overlaps?: Readonly<Record<number, readonly number[]>>
  /** What else is to be said of some of them, by overlap number. */
  readonly overlapFacts?: Readonly<Record<number, Partial<Omit<Overlap, 'id' | 'name' | 'included'>>>>
  readonly intergreens?: readonly Intergreen[]
  readonly extraConflicts?: readonly (readonly [number, number])[]
  /** Phase called by each detector; one a phase, of the same number, unless given. */
  readonly detectors?: Readonly<Record<number, number>>
  /** What else is to be said of some of them, by detector number. */
  readonly detection?: Readonly<Record<number, Partial<DetectorOptions & DetectorDiagnostics>>>
}

export const TIMING: PhaseTiming = {
  minGreenMs: 5_000,
  ...PLAIN_TIMING,
  passageMs: 3_000,
  max1Ms: 20_000,
  max2Ms: 30_000,
  yellowMs: 3_000,
  redClearMs: 1_000,
  walkMs: 0,
  pedClearMs: 0,
}

const name = (text: string) => ({ fa: text, en: text })

export function junction(facts: JunctionFacts): Intersection {
  const numbers = facts.rings.flat(2).toSorted((a, b) => a - b)
  const phases = numbers.map((number) => phase(number, facts))
  const overlaps = Object.entries(facts.overlaps ?? {}).map(([id, included]): Overlap => ({
    id: overlapId(Number(id)),
    name: name(`overlap ${id}`),
    kind: 'normal',
    included: included.map(phaseId),
    modifiers: [],
    trailingGreenMs: 0,
    trailingYellowMs: 0,
    trailingRedMs: 0,
    ...facts.overlapFacts?.[Number(id)],
  }))
  const orders = [facts.rings.map((groups) => groups.flat()), ...(facts.sequences ?? [])]
  return {
    id: intersectionId('IX-T'),
    name: name('junction'),
    latitude: 34.8,
    longitude: 48.5,
    phases,
    sequences: orders.map((rings, index) => ({ number: index + 1, rings: rings.map((ring) => ring.map(phaseId)) })),
    extraConflicts: (facts.extraConflicts ?? []).map(([a, b]) => [phaseId(a), phaseId(b)] as const),
    intergreens: facts.intergreens ?? [],
    overlaps,
    channels: channelsOf(phases, overlaps),
    approaches: [],
    detectors: Object.entries(facts.detectors ?? Object.fromEntries(numbers.map((n) => [n, n]))).map(([id, called]) =>
      detector(Number(id), called, facts.detection?.[Number(id)]),
    ),
  }
}

function phase(number: number, { rings, phases }: JunctionFacts): Phase {
  const { timing, ...facts } = phases?.[number] ?? {}
  const ring = rings.findIndex((groups) => groups.flat().includes(number))
  return {
    id: phaseId(number),
    name: name(`phase ${number}`),
    ring: ringId(ring + 1),
    barrier: (rings[ring] ?? []).findIndex((group) => group.includes(number)) + 1,
    recall: 'none',
    pedestrianRecall: false,
    lockingCall: false,
    dualEntry: false,
    ...PLAIN_SERVICE,
    ...facts,
    timing: { ...TIMING, ...timing },
  }
}

function detector(id: number, called: number, facts: Partial<DetectorOptions & DetectorDiagnostics> = {}): Detector {
  const given = <T extends object>(plain: T): T =>
    Object.fromEntries(
      Object.entries(plain).map(([key, value]) => [key, { ...facts }[key as keyof typeof facts] ?? value]),
    ) as T
  return {
    id: detectorId(id),
    kind: 'stop-bar',
    lanes: [],
    setbackM: 0,
    lengthM: 2,
    phase: phaseId(called),
    device: 'controller',
    deviceChannel: id,
    options: given(PLAIN_DETECTION),
    diagnostics: given(NO_DIAGNOSTICS),
  }
}

/** Vehicle heads first, then crossings, overlaps, and the flashing sections of arrows. */
function channelsOf(phases: readonly Phase[], overlaps: readonly Overlap[]): Channel[] {
  const sources: Channel['source'][] = [
    ...phases.map(({ id }) => ({ kind: 'vehicle', phase: id }) as const),
    ...phases.filter(({ timing }) => timing.walkMs > 0).map(({ id }) => ({ kind: 'pedestrian', phase: id }) as const),
    ...overlaps.map(({ id }) => ({ kind: 'overlap', overlap: id }) as const),
    ...overlaps
      .filter(({ kind }) => kind === 'flashingYellowArrow')
      .map(({ id }) => ({ kind: 'flashingArrow', overlap: id }) as const),
  ]
  return sources.map((source, index) => ({ id: channelId(index + 1), source }))
}

export interface PlanFacts {
  readonly cycleS: number
  readonly offsetS?: number
  readonly splitsS: Readonly<Record<number, number>>
  readonly coordinated: readonly number[]
  readonly sequence?: number
  readonly modes?: Readonly<Record<number, SplitMode>>
  readonly options?: Partial<PlanOptions>
}

export function plan(pattern: number, facts: PlanFacts): TimingPlan {
  return {
    pattern: patternId(pattern),
    key: `plan_${pattern}`,
    cycleMs: facts.cycleS * 1000,
    offsetMs: (facts.offsetS ?? 0) * 1000,
    splitsMs: new Map(Object.entries(facts.splitsS).map(([id, s]) => [phaseId(Number(id)), s * 1000])),
    coordinatedPhases: facts.coordinated.map(phaseId),
    splitModes: new Map(Object.entries(facts.modes ?? {}).map(([id, mode]) => [phaseId(Number(id)), mode])),
    sequence: facts.sequence ?? 1,
    options: { ...PLAIN_PLAN, ...facts.options },
  }
}

/** One day plan for every day: the first plan, or free; nobody preempts. */
export function database(
  intersection: Intersection,
  plans: readonly TimingPlan[] = [],
  facts: Partial<Pick<ControllerDatabase, 'unit' | 'preempts' | 'priorities'>> = {},
): ControllerDatabase {
  return {
    intersection,
    unit: PLAIN_UNIT,
    preempts: [],
    priorities: [],
    ...facts,
    plans,
    schedule: {
      timeZone: 'UTC',
      dayPlans: [
        {
          number: 1,
          key: 'every_day',
          entries: [{ startMinuteOfDay: 0, pattern: plans[0]?.pattern ?? patternId(254), maximum: 1 }],
        },
      ],
      week: [1, 1, 1, 1, 1, 1, 1],
      dates: [],
    },
  }
}

/** A preempt of which little is said: it breaks in at once, leaves others 3 s of green, and dwells while it is called. */
export function preempt(
  number: number,
  facts: Partial<Omit<Preempt, 'number' | 'name' | 'track' | 'dwell' | 'exitPhases' | 'exitPattern'>> & {
    readonly track?: { readonly phases: readonly number[]; readonly greenMs: number }
    readonly dwell?: Partial<Omit<Preempt['dwell'], 'phases'>> & { readonly phases: readonly number[] }
    readonly exitPhases?: readonly number[]
    readonly exitPattern?: number
  } = {},
): Preempt {
  const { track, dwell, exitPhases, exitPattern, ...rest } = facts
  return {
    number,
    name: name(`preempt ${number}`),
    priority: number,
    locking: false,
    delayMs: 0,
    minimumDurationMs: 0,
    lockoutMs: 0,
    maximumPresenceMs: 0,
    entry: { minGreenMs: 3_000, minWalkMs: 2_000 },
    link: null,
    ...rest,
    track: track === undefined ? null : { phases: track.phases.map(phaseId), greenMs: track.greenMs },
    dwell: { minGreenMs: 5_000, walks: false, ...dwell, phases: (dwell?.phases ?? []).map(phaseId) },
    exitPhases: (exitPhases ?? []).map(phaseId),
    exitPattern: exitPattern === undefined ? null : patternId(exitPattern),
  }
}

/** Transit priority for these phases: for any vehicle, ten seconds either way, as often as it is asked. */
export function priority(
  number: number,
  {
    phases,
    ...facts
  }: Partial<Omit<PriorityStrategy, 'number' | 'name' | 'phases'>> & { readonly phases: readonly number[] },
): PriorityStrategy {
  return {
    number,
    name: name(`strategy ${number}`),
    maxExtensionMs: 10_000,
    maxReductionMs: 10_000,
    reserviceCycles: 0,
    leastLatenessS: 0,
    maximumPresenceMs: 120_000,
    ...facts,
    phases: phases.map(phaseId),
  }
}

/** Two one-way streets. */
export const TWO_PHASES: JunctionFacts = { rings: [[[2], [4]]] }

/** The NEMA eight phases: 2 and 6 the main street, 4 and 8 the side street, odd numbers the lefts that oppose them. */
export const EIGHT_PHASES: JunctionFacts = {
  rings: [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  ],
  phases: { 2: { dualEntry: true }, 4: { dualEntry: true }, 6: { dualEntry: true }, 8: { dualEntry: true } },
}

/** Main street 2 and 6 with a left 1; the side street ends here: ring 2 has nothing beside phase 4. */
export const THREE_LEGS: JunctionFacts = { rings: [[[1, 2], [4]], [[6]]], phases: { 6: { dualEntry: true } } }

/** Four stages in one ring; lamps hang on overlaps, and group 7 is in two stages that follow each other. */
export const STAGES: JunctionFacts = {
  rings: [[[1, 2, 3, 4]]],
  overlaps: { 1: [1], 2: [2], 3: [3], 4: [4], 7: [1, 2] },
}
