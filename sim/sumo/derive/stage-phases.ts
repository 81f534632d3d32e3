/** The stages of a light as phases of one ring, and its program as a coordination plan. */
import { at } from '#base/at.ts'
import { patternId, phaseId, ringId, type PhaseId } from '#base/id.ts'
import { leastSplitMs } from '#signal/coordination/least-split.ts'
import { PLAIN_SERVICE, PLAIN_TIMING, type Phase } from '#signal/phase.ts'
import { PLAIN_PLAN, type TimingPlan } from '#signal/timing-plan.ts'
import type { Stage } from './stages.ts'

const MIN_GREEN_MS = 5_000 // Shorter, and a queue has hardly begun to move.
const YELLOW_MS = { least: 3_000, most: 7_000 } as const // NEMA TS 2; what a controller takes.
const RED_CLEAR_MOST_MS = 25_500 // NTCIP 1202 phaseRedClear.
const PASSAGE_MS = 2_000 // Queues leave at 2 s a car. Field-tuned: 3 s cost 10 % of delay on streets that were tried, 1.5 s gained nothing.
const MAX_GREEN = { least: 20_000, timesProgram: 1.5, most: 255_000 } as const
const WALK_MS = 7_000 // MUTCD 4E.06.
const WALKING_SPEED_MPS = 1.2
const PED_CLEAR_MOST_MS = 255_000
const CYCLE_MS = { least: 20_000, most: 600_000 } as const

export const stagePhaseId = (stage: number): PhaseId => phaseId(stage + 1)

export interface StageService {
  /** Longest crossing that is green in it; 0 = nobody on foot. */
  readonly crossingM: number
  /** It alone protects a way, and no detector calls it: it comes round in every cycle. */
  readonly recalled: boolean
}

export function stagePhase(stage: Stage, index: number, { crossingM, recalled }: StageService): Phase {
  const yellowMs = Math.min(YELLOW_MS.most, Math.max(YELLOW_MS.least, stage.yellowMs))
  const onFoot = crossingM > 0
  const pedClearMs = onFoot ? Math.min(PED_CLEAR_MOST_MS, Math.ceil((crossingM / WALKING_SPEED_MPS) * 1_000)) : 0
  const minGreenMs = minGreenOf(stage)
  const maxMs = maxGreenOf(stage, minGreenMs)
  return {
    id: stagePhaseId(index),
    name: { fa: `مرحله ${(index + 1).toLocaleString('fa')}`, en: `stage ${index + 1}` },
    ring: ringId(1),
    barrier: 1,
    recall: recalled ? 'minimum' : 'none',
    pedestrianRecall: onFoot,
    lockingCall: false,
    dualEntry: false,
    ...PLAIN_SERVICE,
    pedClearInYellow: pedClearMs >= yellowMs,
    timing: {
      ...PLAIN_TIMING,
      minGreenMs,
      passageMs: PASSAGE_MS,
      max1Ms: maxMs,
      max2Ms: maxMs,
      yellowMs,
      redClearMs: Math.min(RED_CLEAR_MOST_MS, stage.redMs),
      walkMs: onFoot ? WALK_MS : 0,
      pedClearMs,
    },
  }
}

/** A program whose limits leave no room says nothing about the least that drivers need. */
const minGreenOf = ({ leastMs, greenMs }: Stage): number =>
  leastMs !== null && leastMs > MIN_GREEN_MS && leastMs < greenMs ? Math.min(leastMs, MAX_GREEN.most) : MIN_GREEN_MS

const maxGreenOf = ({ mostMs, greenMs }: Stage, minGreenMs: number): number =>
  Math.min(
    MAX_GREEN.most,
    Math.max(minGreenMs, mostMs ?? Math.max(MAX_GREEN.least, Math.round(MAX_GREEN.timesProgram * greenMs))),
  )

/**
 * The program's own cycle, splits and offset. A split that is too short for its minimum green, its people or its yellow
 * takes from those that have more than they need; only where none has does the cycle grow.
 */
export function programPlan(phases: readonly Phase[], stages: readonly Stage[], startMs: number): TimingPlan {
  const splitsMs = legalSplits(phases, stages)
  const cycleMs = sum(splitsMs)
  const coordinated = splitsMs.indexOf(Math.max(...splitsMs))
  const offsetMs = (startMs + sum(splitsMs.slice(0, coordinated))) % cycleMs
  return {
    pattern: patternId(1),
    key: 'network',
    cycleMs,
    offsetMs: offsetMs < 0 ? offsetMs + cycleMs : offsetMs,
    splitsMs: new Map(splitsMs.map((splitMs, index) => [stagePhaseId(index), splitMs])),
    splitModes: new Map(),
    coordinatedPhases: [stagePhaseId(coordinated)],
    sequence: 1,
    options: { ...PLAIN_PLAN, offsetReference: 'startOfGreen' },
  }
}

function legalSplits(phases: readonly Phase[], stages: readonly Stage[]): number[] {
  const leastMs = phases.map((phase) => leastSplitMs(phase, phase.timing.walkMs > 0))
  const ownMs = stages.map(ownSplitMs)
  const spareMs = ownMs.map((splitMs, index) => Math.max(0, splitMs - at(leastMs, index)))
  const shortMs = ownMs.map((splitMs, index) => Math.max(0, at(leastMs, index) - splitMs))
  const share = Math.min(1, sum(shortMs) / Math.max(1, sum(spareMs)))
  const givenMs = spareMs.map((ms) => Math.ceil(share * ms))
  const wished = ownMs.map((splitMs, index) => splitMs + at(shortMs, index) - at(givenMs, index))
  // Whole milliseconds do not divide: what is given too much goes to the longest.
  const longest = wished.indexOf(Math.max(...wished))
  wished[longest] = at(wished, longest) + Math.max(0, sum(givenMs) - sum(shortMs))
  // A cycle that is longer than a controller's takes from what is above the least.
  const aboveMs = wished.map((splitMs, index) => splitMs - at(leastMs, index))
  const cut = Math.min(1, Math.max(0, sum(wished) - CYCLE_MS.most) / Math.max(1, sum(aboveMs)))
  const splits = wished.map((splitMs, index) => splitMs - Math.ceil(cut * at(aboveMs, index)))
  const lackMs = Math.max(0, CYCLE_MS.least - sum(splits))
  return splits.map((splitMs) => splitMs + Math.ceil(lackMs / splits.length))
}

/** Green and all that follows it until the next one. */
const ownSplitMs = ({ greenMs, yellowMs, redMs }: Stage): number => greenMs + yellowMs + redMs

/** Where the plan is not what the network's own program does, in words. */
export function planNotes({ cycleMs, splitsMs }: TimingPlan, stages: readonly Stage[]): string[] {
  const ownCycleMs = sum(stages.map(ownSplitMs))
  const moved = stages.filter((stage, index) => splitsMs.get(stagePhaseId(index)) !== ownSplitMs(stage)).length
  if (cycleMs !== ownCycleMs)
    return [`its cycle of ${ownCycleMs / 1_000} s is too short for its minimums: ${cycleMs / 1_000} s`]
  return moved === 0 ? [] : [`${moved} of its ${stages.length} splits are moved to what their minimums need`]
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
