/** Holds a strategy that chooses stages against the simpler rungs: what each made people wait, measured by the same detectors. */
import { oncePer } from '#base/once-per.ts'
import type { Wait, WaitsByRung } from '#control/learnt.ts'
import { RUNG_NUMBERS, type Commanding, type Reason, type Rung } from '#control/strategy.ts'
import type { Waiting } from './waiting-watch.ts'

/** Why a rung may not be stood on for a while. */
export interface Barring {
  readonly rung: Commanding
  readonly why: Reason
  readonly forMs: number
}

/** The queues of the rung before are gone, and a plan is in step again. */
export const SETTLE_MS = 120_000
/** Three or four cycles: less is chance, more is a jam that nobody had to suffer. */
export const WINDOW_MS = 300_000
/** Fewer in a window say nothing: at night nobody waits long under any rung. */
const VEHICLES_LEAST = 30
/** What is kept of a rung is kept by traffic in steps of a quarter. */
const FLOW_CLASS = 1.25
/** A record says something of now when it was made in no less traffic, give or take what chance makes of it, … */
const NO_LESS = 0.9
/** … and it says enough when it was not made in far more. */
const FAR_MORE = 1.6
/** What is measured costs somebody something: at most a twentieth of the time. */
export const MEASURED_EVERY_MS = 2 * 3_600_000
/** Streets change with seasons; a week holds each day once. */
const RECORD_MS_MAX = 7 * 24 * 3_600_000
/** Two windows in a row, by a quarter and by seconds that somebody feels: the means of single windows scatter by a fifth. */
const WORSE = { share: 1.25, byMs: 3_000, windows: 2 } as const
/** Twice as long each time in a row, up to half a day: what was worse in this traffic is seldom better half an hour later. */
const OUTDONE_MS = { first: 30 * 60_000, most: 12 * 3_600_000 } as const

/** A step so long is an edge that stood still: who waited meanwhile nobody knows. */
const STEP_MS_MAX = 10_000

interface Measured {
  /** A vehicle; null: it was to be measured, and could not. */
  readonly delayMs: number | null
  /** In the window. */
  readonly vehicles: number
  /** By the clock on the wall, for a record outlives the process. */
  readonly atEpochMs: number
}

type Records = Readonly<Partial<Record<Commanding, Readonly<Record<number, Measured>>>>>

export interface ComparisonMemory {
  readonly rung: Commanding | null
  readonly atMonoMs: number
  readonly atEpochMs: number
  /** Of the window; it lies ahead while things settle. */
  readonly sinceMonoMs: number
  readonly vehicleMs: number
  readonly vehicles: number
  /** In a row in which a simpler rung was better, … */
  readonly worseWindows: number
  /** … and how often in a row this ended in a step down, by rung. */
  readonly outdone: Readonly<Partial<Record<Commanding, number>>>
  /** By rung, then by class of traffic. */
  readonly records: Records
  /** Before this no simpler rung is stood on to be measured. */
  readonly measurableFromMonoMs: number
}

/** `firstMs`: each intersection at another time, so that a street never has all of them measured at once; `waits`: kept of before. */
export const nothingCompared = (firstMs: number, waits: WaitsByRung = {}): ComparisonMemory => ({
  rung: null,
  atMonoMs: 0,
  atEpochMs: 0,
  sinceMonoMs: 0,
  vehicleMs: 0,
  vehicles: 0,
  worseWindows: 0,
  outdone: {},
  records: waits,
  measurableFromMonoMs: firstMs,
})

/** What is worth keeping over a restart: how long each rung made people wait. */
export const waitsOf = oncePer((records: Records): WaitsByRung =>
  Object.fromEntries(
    Object.entries(records).map(([rung, own]) => [rung, Object.fromEntries(Object.entries(own).filter(isMeasured))]),
  ),
)

function isMeasured(entry: [string, Measured]): entry is [string, Wait] {
  return entry[1].delayMs !== null
}

export interface ComparisonFacts {
  readonly nowMonoMs: number
  readonly nowEpochMs: number
  /** Best first. */
  readonly ladder: readonly Commanding[]
  /** Stood on, and in command; null: the cabinet is on its own, or a preempt has the street. */
  readonly rung: Commanding | null
  /** Those that could be stood on now. */
  readonly possible: readonly Rung[]
  readonly waiting: Waiting
}

export interface ComparisonStep {
  readonly memory: ComparisonMemory
  readonly barrings: readonly Barring[]
}

/** One tick. */
export function stepComparison(before: ComparisonMemory, facts: ComparisonFacts): ComparisonStep {
  const { nowMonoMs, nowEpochMs, rung, waiting } = facts
  if (rung !== before.rung || nowMonoMs - before.atMonoMs > STEP_MS_MAX) {
    const begun = {
      rung,
      atMonoMs: nowMonoMs,
      atEpochMs: nowEpochMs,
      sinceMonoMs: nowMonoMs + SETTLE_MS,
      worseWindows: 0,
    }
    return { memory: { ...before, ...begun, ...EMPTY }, barrings: [] }
  }
  const memory = { ...before, atMonoMs: nowMonoMs, atEpochMs: nowEpochMs }
  if (rung === null || nowMonoMs < before.sinceMonoMs) return { memory, barrings: [] }
  const summed = {
    ...memory,
    vehicleMs: before.vehicleMs + waiting.vehicles * (nowMonoMs - before.atMonoMs),
    vehicles: before.vehicles + waiting.left,
  }
  if (nowMonoMs - before.sinceMonoMs < WINDOW_MS) return { memory: summed, barrings: [] }
  const { memory: closed, barrings } = close(summed, facts, rung)
  return { memory: { ...closed, ...EMPTY, sinceMonoMs: nowMonoMs }, barrings }
}

const EMPTY = { vehicleMs: 0, vehicles: 0 }

/** A window is full: it is recorded, and held against what simpler rungs have on record for no less traffic. */
function close(memory: ComparisonMemory, facts: ComparisonFacts, rung: Commanding): ComparisonStep {
  const { vehicles } = memory
  if (vehicles < VEHICLES_LEAST) return { memory, barrings: [] }
  const delayMs = Math.round(memory.vehicleMs / vehicles)
  const recorded = record(memory, rung, { delayMs, vehicles, atEpochMs: memory.atEpochMs })
  if (!CHOOSE_STAGES.has(rung)) return { memory: recorded, barrings: [] }
  const below = facts.ladder.slice(facts.ladder.indexOf(rung) + 1)
  const simpler = below.filter((each) => facts.possible.includes(each))
  const compared = compare(recorded, facts, { rung, delayMs, vehicles, simpler })
  if (compared.barrings.length > 0 || memory.atMonoMs < memory.measurableFromMonoMs) return compared
  const unmeasured = simpler.find((each) => recordsOf(recorded, each, vehicles).every(isFarMore(vehicles)))
  return unmeasured === undefined ? compared : measure(compared.memory, facts, { unmeasured, vehicles })
}

/** Only they have a rung below that needs less of detectors and of models. */
const CHOOSE_STAGES: ReadonlySet<Commanding> = new Set(['adaptive', 'maxPressure'])

const classOf = (vehicles: number): number => Math.round(Math.log(vehicles) / Math.log(FLOW_CLASS))

/** Of the last week, in no less traffic. */
const recordsOf = ({ records, atEpochMs }: ComparisonMemory, rung: Commanding, vehicles: number): Measured[] =>
  Object.values(records[rung] ?? {}).filter((each) => isRecent(each, atEpochMs) && each.vehicles >= NO_LESS * vehicles)

/** A clock that was set back makes no record of today one of tomorrow. */
const isRecent = (measured: Measured, nowEpochMs: number): boolean =>
  Math.abs(nowEpochMs - measured.atEpochMs) < RECORD_MS_MAX

const isFarMore =
  (vehicles: number) =>
  (measured: Measured): boolean =>
    measured.vehicles > FAR_MORE * vehicles

/** The mean of this window and of what was on record. */
function record(memory: ComparisonMemory, rung: Commanding, measured: Measured): ComparisonMemory {
  const own = memory.records[rung] ?? {}
  const traffic = classOf(measured.vehicles)
  const known = own[traffic]
  const mean = (a: number, b: number) => Math.round((a + b) / 2)
  const isKnown = known !== undefined && isRecent(known, measured.atEpochMs)
  const kept =
    isKnown && known.delayMs !== null && measured.delayMs !== null
      ? {
          ...measured,
          delayMs: mean(known.delayMs, measured.delayMs),
          vehicles: mean(known.vehicles, measured.vehicles),
        }
      : measured
  return { ...memory, records: { ...memory.records, [rung]: { ...own, [traffic]: kept } } }
}

/** Everything above the rung makes way until one window of it is full. If that fails, it is not asked for again for a week. */
function measure(
  memory: ComparisonMemory,
  { ladder, nowMonoMs, nowEpochMs }: ComparisonFacts,
  { unmeasured, vehicles }: { readonly unmeasured: Commanding; readonly vehicles: number },
): ComparisonStep {
  const forMs = SETTLE_MS + WINDOW_MS + PROVING_MS
  const why: Reason = { code: 'SIMPLER_IS_MEASURED', numbers: { rung: RUNG_NUMBERS[unmeasured], forMs } }
  const tried = record(memory, unmeasured, { delayMs: null, vehicles, atEpochMs: nowEpochMs })
  return {
    memory: { ...tried, measurableFromMonoMs: nowMonoMs + MEASURED_EVERY_MS },
    barrings: ladder.slice(0, ladder.indexOf(unmeasured)).map((rung) => ({ rung, why, forMs })),
  }
}

/** The first tick of the rung, and some. */
const PROVING_MS = 1_000

interface Window {
  readonly rung: Commanding
  readonly delayMs: number
  readonly vehicles: number
  readonly simpler: readonly Commanding[]
}

function compare(memory: ComparisonMemory, { ladder }: ComparisonFacts, window: Window): ComparisonStep {
  const { rung, delayMs, vehicles, simpler } = window
  const known = simpler.flatMap((each) =>
    recordsOf(memory, each, vehicles).flatMap((measured) =>
      measured.delayMs === null ? [] : [{ rung: each, delayMs: measured.delayMs }],
    ),
  )
  const [best] = known.toSorted((a, b) => a.delayMs - b.delayMs)
  if (best === undefined || delayMs <= Math.max(WORSE.share * best.delayMs, best.delayMs + WORSE.byMs))
    return { memory: { ...memory, worseWindows: 0, outdone: { ...memory.outdone, [rung]: 0 } }, barrings: [] }
  const worseWindows = memory.worseWindows + 1
  if (worseWindows < WORSE.windows) return { memory: { ...memory, worseWindows }, barrings: [] }
  const times = memory.outdone[rung] ?? 0
  const forMs = Math.min(OUTDONE_MS.most, OUTDONE_MS.first * 2 ** times)
  const numbers = { rung: RUNG_NUMBERS[best.rung], delayMs, simplerMs: best.delayMs }
  const why: Reason = { code: 'OUTDONE_BY_SIMPLER', numbers }
  return {
    memory: { ...memory, worseWindows: 0, outdone: { ...memory.outdone, [rung]: times + 1 } },
    barrings: ladder
      .slice(ladder.indexOf(rung), ladder.indexOf(best.rung))
      .map((outdone) => ({ rung: outdone, why, forMs })),
  }
}
