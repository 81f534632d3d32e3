/** What strategies have learnt of a street, as plain data that outlives the process: its one form, its limits, and how it is read. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { QUARTERS_A_WEEK } from '#signal/calendar/week-quarter.ts'
import type { Intersection, Turn } from '#signal/intersection.ts'
import { RUNGS, type Commanding } from './strategy.ts'
import { HEADWAY, START_UP, YIELDING } from './queues/discharge.ts'
import { KEEPING } from './queues/lane-keeping.ts'
import { MINUTES_MOST, PER_HOUR_MOST, turnStream, type StreamHistory } from './queues/history.ts'
import { TRAVEL } from './queues/travel.ts'

/** Counted up when a number gets another meaning; a further number needs `unless` only. */
export const LEARNT_VERSION = 1

/** Of one intersection; every rung that estimates alike begins with it, whichever has learnt it. */
export interface Learnt {
  readonly version: typeof LEARNT_VERSION
  readonly lanes: Readonly<Record<string, LearntLane>>
  readonly approaches: Readonly<Record<string, LearntApproach>>
  readonly history: Readonly<Record<string, StreamHistory>>
  /** What each detector usually counts, by its number; none where nobody has watched. Strategies have no use for it. */
  readonly detectors?: Readonly<Record<string, StreamHistory>>
  /** How long each rung made people wait; none where rungs are not compared. Strategies have no use for it. */
  readonly waits?: WaitsByRung
}

/** By rung, then by class of traffic. */
export type WaitsByRung = Readonly<Partial<Record<Commanding, Readonly<Record<string, Wait>>>>>

export type Wait = Facts<typeof WAIT_FACTS>

export type LearntLane = Facts<typeof LANE_FACTS>
export type LearntApproach = Facts<typeof APPROACH_FACTS>

/** The file may be years old, another's, or half of one: each fault says where, and what was found. */
export type LearntFault =
  | { readonly code: 'LEARNT_VERSION'; readonly found: unknown; readonly reads: number }
  | { readonly code: 'LEARNT_MALFORMED'; readonly path: string; readonly needs: string }
  | {
      readonly code: 'LEARNT_IMPLAUSIBLE'
      readonly path: string
      readonly value: number
      readonly least: number
      readonly most: number
    }

interface Limits {
  readonly least: number
  readonly most: number
  /** For records that were written before there was such a number. */
  readonly unless?: number
}

type Facts<Table> = { readonly [name in keyof Table]: number }

export const LANE_FACTS = {
  /** Of the vehicles of its approach. */
  share: { least: 0, most: 1 },
  /** Vehicles a second, lately. */
  flow: { least: 0, most: 1 },
  /** Of a queue that discharges, and how many of them it is learnt from. */
  headwayMs: { ...HEADWAY.limits, unless: HEADWAY.assumed },
  headways: { least: 0, most: HEADWAY.most, unless: 0 },
  startUpMs: { ...START_UP.limits, unless: START_UP.assumed },
  startUps: { least: 0, most: START_UP.most, unless: 0 },
  /** Vehicles that find a gap, for one that is assumed to; and how many were. */
  yielding: { ...YIELDING.limits, unless: YIELDING.assumed },
  yielded: { least: 0, most: YIELDING.most, unless: 0 },
} as const satisfies Readonly<Record<string, Limits>>

const APPROACH_FACTS = {
  /** Vehicles that leave for one that enters. */
  worth: { least: 0.1, most: 10 },
  /** Of the time that is assumed from the loops to the stop line, and how many drivers it is learnt from. */
  travel: { ...TRAVEL.limits, unless: TRAVEL.assumed },
  travels: { least: 0, most: TRAVEL.most, unless: 0 },
  /** Of those who pass the loops, who keep their lane to the stop line, and how many it is learnt from. */
  kept: { ...KEEPING.limits, unless: KEEPING.assumed },
  keepers: { least: 0, most: KEEPING.most, unless: 0 },
} as const satisfies Readonly<Record<string, Limits>>

const WAIT_FACTS = {
  /** A vehicle: nobody waits a day. */
  delayMs: { least: 0, most: 86_400_000 },
  /** In the window: as many as no junction lets go. */
  vehicles: { least: 0, most: 100_000 },
  /** When it was measured: any time that a clock can show. */
  atEpochMs: { least: 0, most: 8.64e15 },
} as const satisfies Readonly<Record<string, Limits>>

/** Classes of traffic are steps of a quarter: more are more vehicles than there are. */
const CLASSES = Array.from({ length: 60 }, (_, step) => String(step))

const COMMANDING = RUNGS.filter((rung) => rung !== 'released')

/** An hour of one quarter-hour of the week, and how long it has been counted. */
const PER_HOUR: Limits = { least: 0, most: PER_HOUR_MOST }
const MINUTES: Limits = { least: 0, most: MINUTES_MOST }

const TURNS: readonly Turn[] = ['left', 'through', 'right']

/** `raw`: what JSON made of a file, or a record that is about to be kept. Streets and lanes that it says nothing of begin anew. */
export function readLearnt(raw: unknown, intersection: Intersection): Outcome<Learnt, LearntFault> {
  try {
    return ok(learntOf(raw, intersection))
  } catch (error) {
    if (error instanceof Unread) return failed(error.fault)
    throw error
  }
}

/** Leaves the reader at the first fault. */
class Unread extends Error {
  readonly fault: LearntFault

  constructor(fault: LearntFault) {
    super(fault.code)
    this.fault = fault
  }
}

function learntOf(raw: unknown, { approaches, detectors }: Intersection): Learnt {
  const record = recordAt('learnt', raw)
  if (record['version'] !== LEARNT_VERSION)
    throw new Unread({ code: 'LEARNT_VERSION', found: record['version'] ?? null, reads: LEARNT_VERSION })
  const lanes = approaches.flatMap((approach) => approach.lanes.map(({ id }) => id))
  const turns = approaches.flatMap(({ id }) => TURNS.map((turn) => turnStream(id, turn)))
  return {
    version: LEARNT_VERSION,
    lanes: eachOf('lanes', record['lanes'], lanes, (path, lane) => factsAt(path, lane, LANE_FACTS)),
    approaches: eachOf(
      'approaches',
      record['approaches'],
      approaches.map(({ id }) => id),
      (path, approach) => factsAt(path, approach, APPROACH_FACTS),
    ),
    history: eachOf('history', record['history'], [...lanes, ...turns], streamAt),
    ...(record['detectors'] !== undefined && {
      detectors: eachOf(
        'detectors',
        record['detectors'],
        detectors.map(({ id }) => String(id)),
        streamAt,
      ),
    }),
    ...(record['waits'] !== undefined && { waits: eachOf('waits', record['waits'], COMMANDING, waitsAt) }),
  }
}

const waitsAt = (path: string, raw: unknown): Readonly<Record<string, Wait>> =>
  eachOf(path, raw, CLASSES, (place, wait) => factsAt(place, wait, WAIT_FACTS))

function recordAt(path: string, raw: unknown): Readonly<Record<string, unknown>> {
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return { ...raw }
  throw new Unread({ code: 'LEARNT_MALFORMED', path, needs: 'an object' })
}

/** The entries of a record, whose names must be among those that the street has. */
function eachOf<T>(
  path: string,
  raw: unknown,
  names: readonly string[],
  read: (path: string, raw: unknown) => T,
): Readonly<Record<string, T>> {
  const entries = Object.entries(recordAt(path, raw)).map(([name, entry]) => {
    if (!names.includes(name))
      throw new Unread({ code: 'LEARNT_MALFORMED', path: `${path}.${name}`, needs: `one of ${names.join(', ')}` })
    return [name, read(`${path}.${name}`, entry)] as const
  })
  return Object.fromEntries(entries)
}

function factsAt<Table extends Readonly<Record<string, Limits>>>(
  path: string,
  raw: unknown,
  table: Table,
): Facts<Table> {
  const record = recordAt(path, raw)
  const facts = Object.entries(table).map(([name, limits]) => [
    name,
    numberAt(`${path}.${name}`, record[name] ?? limits.unless, limits),
  ])
  return Object.fromEntries(facts) as Facts<Table>
}

function streamAt(path: string, raw: unknown): StreamHistory {
  const record = recordAt(path, raw)
  return {
    perHour: weekAt(`${path}.perHour`, record['perHour'], PER_HOUR),
    minutes: weekAt(`${path}.minutes`, record['minutes'], MINUTES),
  }
}

function weekAt(path: string, raw: unknown, limits: Limits): readonly number[] {
  if (!Array.isArray(raw) || raw.length !== QUARTERS_A_WEEK)
    throw new Unread({ code: 'LEARNT_MALFORMED', path, needs: `a list of ${QUARTERS_A_WEEK} numbers` })
  return raw.map((value: unknown, index) => numberAt(`${path}.${index}`, value, limits))
}

function numberAt(path: string, value: unknown, { least, most }: Limits): number {
  if (typeof value !== 'number') throw new Unread({ code: 'LEARNT_MALFORMED', path, needs: 'a number' })
  if (value >= least && value <= most) return value
  throw new Unread({ code: 'LEARNT_IMPLAUSIBLE', path, value, least, most })
}
