/** How fast the queue of a lane discharges: its saturation headway, its start-up and who finds a gap, learnt from those who surely stood. */
import type { Bits } from '#base/bits.ts'
import { assumed, learn, type Estimate, type Manner } from './estimate.ts'
import type { LaneFacts } from './lane-facts.ts'

/** Plain data. */
export interface Discharge {
  /** From one vehicle of the queue to the next while the whole lane is free, ms. */
  readonly headway: Estimate
  /** Lost until the queue flows so, ms. */
  readonly startUp: Estimate
  /**
   * Vehicles that go through the gaps of those who come towards them, for one that is assumed to. Told, but not planned with: it
   * is a mean over lanes that move and lanes that are held up, and who plans knows which of both he sees. Tried on streets: with
   * it in the search delay was 2 % more.
   */
  readonly yielding: Estimate
  /** The queue that discharges; null where none does, or it is not sure that they stood. */
  readonly run: Run | null
}

interface Run {
  /** Who has left since green. */
  readonly vehicles: number
  readonly lastMs: number
  /** Between the last two, until somebody else follows; null where they do not count. */
  readonly headwayMs: number | null
}

/** All of the lane may go; or who turns left has to yield to others who may go too. */
export type Service = 'free' | 'yielding'

/** What happened at the stop line in one step. */
export interface Crossing {
  readonly service: Service | null
  readonly nowMs: number
  readonly elapsedMs: number
  readonly greenSinceMs: number | null
  /** Somebody stood on the loop before this step. */
  readonly stood: boolean
  readonly left: number
  /** Vehicles behind the one at the stop line, as estimated; 0 where the stop line is empty. */
  readonly behind: number
  /** Those to whom they yield have a queue. */
  readonly opposed: boolean
}

/** HCM 6 ch. 19: 1,900 passenger cars an hour and lane. A little high, since too low a guess costs more than too high a one. */
export const SATURATION_PER_S = 0.53

/** Of the saturation flow, through the gaps in those who come towards it (HCM 6 ch. 31: 0.1–0.5 by their volume; in a queue's discharge few). */
export const YIELDING_RATE = 0.25
/** Some of a mixed lane turn left, and the others wait behind them now and then. */
export const MIXED_RATE = 0.85

/** Lanes are from 0.6 to 1.25 of what is assumed: 1,150 to 2,390 an hour. */
export const HEADWAY: Manner = {
  assumed: 1_000 / SATURATION_PER_S,
  worth: 30,
  most: 400,
  off: 400,
  limits: { least: 1_510, most: 3_140 },
}

/** HCM 6 ch. 19: 2 s. */
export const START_UP: Manner = {
  assumed: 2_000,
  worth: 10,
  most: 200,
  off: 1_000,
  limits: { least: 0, most: 4_000 },
}

/** In vehicles that were assumed to go. */
export const YIELDING: Pick<Manner, 'assumed' | 'worth' | 'most' | 'limits'> = {
  assumed: 1,
  worth: 20,
  most: 200,
  limits: { least: 0.2, most: 2.4 },
}

export const NO_DISCHARGE_YET: Discharge = {
  headway: assumed(HEADWAY),
  startUp: assumed(START_UP),
  yielding: assumed(YIELDING),
  run: null,
}

/** Whoever follows later did not stand close behind; nobody follows sooner, but for a loop that chatters. */
const HEADWAY_MS = { least: 800, most: 3_500 } as const
/** The first has to see that it is green. */
const FIRST_MS_MOST = 6_000
/** Headways count behind the fourth vehicle (HCM 6 ch. 31, field measurement): until then the queue starts up. */
const STARTING = 4
/** Who yields starts up too. */
const YIELDING_FROM_MS = 2_000

export const saturationPerS = ({ headway }: Pick<Discharge, 'headway'>): number => 1_000 / headway.value

/** Null where nobody goes, or only some of those who stand in the lane may. */
export function serviceIn({ ways, opposing }: LaneFacts, greens: Bits): Service | null {
  if (ways.length === 0 || ways.some(({ phases }) => (phases & greens) === 0)) return null
  return ways.some(({ turn }) => turn === 'left') && (opposing & greens) !== 0 ? 'yielding' : 'free'
}

export function stepDischarge(before: Discharge, { ways }: LaneFacts, crossing: Crossing): Discharge {
  const { service, greenSinceMs, nowMs } = crossing
  if (service === 'free' && greenSinceMs !== null)
    return greenSinceMs === nowMs ? begin(before, crossing) : follow(before, { ...crossing, greenSinceMs })
  const idle = before.run === null ? before : { ...before, run: null }
  return service === 'yielding' ? { ...idle, yielding: learnYielding(before.yielding, ways, crossing) } : idle
}

function begin(before: Discharge, { stood, nowMs }: Crossing): Discharge {
  return { ...before, run: stood ? { vehicles: 0, lastMs: nowMs, headwayMs: null } : null }
}

function follow(
  before: Discharge,
  { nowMs, greenSinceMs, left, behind }: Crossing & { greenSinceMs: number },
): Discharge {
  const { run, headway, startUp } = before
  if (run === null) return before
  const sinceMs = nowMs - run.lastMs
  const most = run.vehicles === 0 ? FIRST_MS_MOST : HEADWAY_MS.most
  if (left === 0) return sinceMs <= most ? before : { ...before, run: null }
  if (left > 1 || sinceMs > most || (run.vehicles > 0 && sinceMs < HEADWAY_MS.least)) return { ...before, run: null }
  const vehicles = run.vehicles + 1
  const stoodBehind = behind >= 1
  const startedMs = nowMs - greenSinceMs - STARTING * headway.value
  return {
    ...before,
    headway: run.headwayMs === null ? headway : learn(headway, run.headwayMs, HEADWAY),
    startUp: vehicles === STARTING && stoodBehind ? learn(startUp, startedMs, START_UP) : startUp,
    run: { vehicles, lastMs: nowMs, headwayMs: vehicles >= STARTING && stoodBehind ? sinceMs : null },
  }
}

/** Who goes, over who was assumed to go, while somebody wants to. */
function learnYielding(before: Estimate, ways: LaneFacts['ways'], crossing: Crossing): Estimate {
  const { nowMs, greenSinceMs, elapsedMs, left, behind, stood, opposed } = crossing
  const everyone = ways.every(({ turn }) => turn === 'left')
  const starts = greenSinceMs === null || nowMs - greenSinceMs < YIELDING_FROM_MS
  // While a queue discharges against them the search takes it that hardly anybody goes.
  if (starts || (behind < HALF_A_VEHICLE && !stood) || (everyone && opposed)) return before
  const expected = (SATURATION_PER_S * (everyone ? YIELDING_RATE : MIXED_RATE) * elapsedMs) / 1_000
  const { worth, most, limits } = YIELDING
  const seen = Math.min(most, before.seen + expected)
  const value = before.value + (left - before.value * expected) / (worth + seen)
  return { value: Math.min(limits.most, Math.max(limits.least, value)), seen }
}

const HALF_A_VEHICLE = 0.5
